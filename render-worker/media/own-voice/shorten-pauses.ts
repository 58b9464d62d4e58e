import type { Span } from "./find-silences.ts";

/** A longer pause is shortened to `storyPauseSeconds`, which a narrator leaves between two thoughts. */
const longestPauseSeconds = 0.9;
export const storyPauseSeconds = 0.6;
/** Silence that stays before the first and after the last sound. */
const edgeSeconds = 0.1;

/**
 * The parts of `whole` that a film plays, in order: long pauses are shortened, silence at both edges goes.
 * Only what is silent and lies in no word is left out, so a word is never cut, also where it was aligned
 * wrongly.
 *
 * @param words spans of the words within `whole`, in order
 * @param left spans that are left out altogether, such as what the owner deleted from the text
 */
export function shortenPauses(
  whole: Span,
  words: readonly Span[],
  silences: readonly Span[],
  left: readonly Span[] = [],
): Span[] {
  const cuts = [
    ...silences.flatMap((silence) => withoutWords(clip(silence, whole), words)).flatMap(cutOf(whole)),
    ...left.map((span) => clip(span, whole)),
  ].sort((a, b) => a.startSeconds - b.startSeconds);
  const kept: Span[] = [];
  let at = whole.startSeconds;
  for (const { startSeconds, endSeconds } of cuts) {
    if (startSeconds > at) kept.push({ startSeconds: at, endSeconds: startSeconds });
    at = Math.max(at, endSeconds);
  }
  if (at < whole.endSeconds) kept.push({ startSeconds: at, endSeconds: whole.endSeconds });
  return kept;
}

const clip = ({ startSeconds, endSeconds }: Span, within: Span): Span => ({
  startSeconds: Math.max(startSeconds, within.startSeconds),
  endSeconds: Math.min(endSeconds, within.endSeconds),
});

/** What is left of a silence where no word is. */
function withoutWords({ startSeconds, endSeconds }: Span, words: readonly Span[]): Span[] {
  const free: Span[] = [];
  let at = startSeconds;
  for (const word of words) {
    if (word.endSeconds <= at || word.startSeconds >= endSeconds) continue;
    if (word.startSeconds > at) free.push({ startSeconds: at, endSeconds: word.startSeconds });
    at = word.endSeconds;
  }
  if (at < endSeconds) free.push({ startSeconds: at, endSeconds });
  return free;
}

/**
 * What a free silence loses: all but an edge at the film's cuts, the middle of a long pause, else nothing.
 */
const cutOf =
  (whole: Span) =>
  ({ startSeconds, endSeconds }: Span): Span[] => {
    const isStart = startSeconds - whole.startSeconds < 0.02;
    const isEnd = whole.endSeconds - endSeconds < 0.02;
    const length = endSeconds - startSeconds;
    if (isStart || isEnd) {
      if (length <= edgeSeconds) return [];
      const kept = isStart
        ? { startSeconds, endSeconds: endSeconds - edgeSeconds }
        : { startSeconds: startSeconds + edgeSeconds, endSeconds };
      return isStart && isEnd ? [] : [kept];
    }
    if (length <= longestPauseSeconds) return [];
    const half = storyPauseSeconds / 2;
    return [{ startSeconds: startSeconds + half, endSeconds: endSeconds - half }];
  };
