import type { JobEvent } from "../../../contract/event.ts";

/** The words that a film says, scene by scene, from its log; null before its storyboard. */
export function filmWords(log: readonly JobEvent[]): string | null {
  const storyboard = log.findLast((event) => event.type === "job.storyboard");
  return storyboard === undefined
    ? null
    : storyboard.data.scenes.map(({ narration }) => narration).join("\n");
}

/**
 * What a new version of a film loses whose scenes were made again, and whether it can start from the film's
 * words.
 */
export function describeLoss(words: string | null, written: string): { text: string; canUseWords: boolean } {
  const canUseWords = words !== null && inOneLine(words) !== inOneLine(written);
  return {
    text: canUseWords
      ? "You changed scenes of this film. A new version starts from the dream's words below, without those changes."
      : "You changed scenes of this film. A new version starts from the dream, so their pictures are made anew.",
    canUseWords,
  };
}

const inOneLine = (text: string) => text.replace(/\s+/g, " ").trim();
