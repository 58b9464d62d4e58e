import type { Span } from "../own-voice/find-silences.ts";

/** The ambience under speech against the ambience in a pause. */
const duckedGain = 10 ** (-8 / 20);
/**
 * The ambience falls so long before a word. Shorter than a scene's lead-in, so that a scene's voice changes
 * nothing in the scene before.
 */
const fallSeconds = 0.25;
/** And rises for so long after a word. */
const riseSeconds = 0.6;

const smooth = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));

/**
 * The gain of the ambience over time: low under words, 1 away from them. Call it with times that do not go
 * back.
 *
 * @param speech spans with words, in order
 */
export function duckUnder(speech: readonly Span[]): (seconds: number) => number {
  let next = 0;
  return (seconds) => {
    while (next < speech.length && (speech[next] as Span).startSeconds <= seconds) next++;
    const since = seconds - (speech[next - 1]?.endSeconds ?? Number.NEGATIVE_INFINITY);
    const until = (speech[next]?.startSeconds ?? Number.POSITIVE_INFINITY) - seconds;
    const open = Math.min(smooth(since / riseSeconds), smooth(until / fallSeconds));
    return duckedGain + (1 - duckedGain) * open;
  };
}
