/** A cue of a caption track: when it is shown, and its text. */
export interface TimedWords {
  startTime: number;
  endTime: number;
  text: string;
}

/**
 * The words to show at `seconds`: those that are said now; in a pause and after the end the last that were
 * said; before the first word the first that will be. Cues are in order of their start. Empty if there are no
 * cues.
 */
export function wordsAt(cues: readonly TimedWords[], seconds: number): string {
  const said = cues.filter(({ startTime, endTime }) => startTime <= seconds && seconds < endTime);
  if (said.length > 0) return said.map(({ text }) => text).join(" ");
  return (cues.findLast(({ startTime }) => startTime <= seconds) ?? cues[0])?.text ?? "";
}
