import { groupWords } from "./group-words.ts";
import type { TimedWord } from "./timed-word.ts";

export interface VttScene {
  words: readonly TimedWord[];
  /** Where the narration's sound begins in the film: the scene's start and its lead-in. */
  startSeconds: number;
}

/** The whole film's captions as WebVTT, each word with its own time. */
export function buildVtt(scenes: readonly VttScene[]): string {
  const cues = scenes.flatMap(({ words, startSeconds }) =>
    groupWords(words, { maxWords: 99, maxChars: 84 }).map((group) => {
      const from = startSeconds + (group[0]?.startSeconds ?? 0);
      const to = startSeconds + (group.at(-1)?.endSeconds ?? 0);
      const text = group
        .map(
          (w, i) =>
            (i === 0 ? "" : `<${clock(startSeconds + w.startSeconds)}>`) +
            escapeVtt(w.text) +
            (w.joinsNext ? "" : " "),
        )
        .join("")
        .trimEnd();
      return `${clock(from)} --> ${clock(Math.max(to, from + 0.8))}\n${text}\n`;
    }),
  );
  return `WEBVTT\n\n${cues.join("\n")}`;
}

function escapeVtt(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** HH:MM:SS.mmm */
function clock(seconds: number): string {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}
