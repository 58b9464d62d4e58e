import { fitLines, type LinePiece } from "./text/fit-lines.ts";
import { groupWords } from "./text/group-words.ts";
import { joinWords, type TimedWord } from "./timed-word.ts";

export interface VttScene {
  words: readonly TimedWord[];
  /** The start of the narration's sound in the film: the scene's start and its lead-in, in seconds. */
  startSeconds: number;
}

/** At most two lines of 42 columns. @source Netflix Timed Text Style Guide, General Requirements */
const lineColumns = 42;
const maxLines = 2;
/** A cue stays this long after its last word, and at least `minSeconds`, unless the next one starts. */
const holdSeconds = 0.5;
const minSeconds = 1.2;

/**
 * The whole film's captions as WebVTT: cues of at most two lines that end with sentences or pauses if
 * possible. Every word but a cue's first has its own time, so that a player can follow the voice. Text is
 * shown as typed.
 */
export const buildVtt = (scenes: readonly VttScene[]): string => writeVtt(buildCues(scenes));

/** A cue as WebVTT writes it, and its times in seconds. */
export interface Cue {
  startSeconds: number;
  endSeconds: number;
  text: string;
}

/** The cues of these scenes in their order. The last one ends at `endSeconds` at the latest. */
export function buildCues(scenes: readonly VttScene[], endSeconds = Number.POSITIVE_INFINITY): Cue[] {
  const cues = scenes.flatMap((scene) => groupWords(shiftWords(scene), groupLimits));
  return cues.map((cue, i) => writeCue(cue, cues[i + 1]?.[0]?.startSeconds ?? endSeconds));
}

/** A WebVTT file of the cues. */
export const writeVtt = (cues: readonly Cue[], header = "WEBVTT\n"): string =>
  [header, ...cues.map(({ text }) => text)].join("\n");

const groupLimits = {
  maxWords: Number.POSITIVE_INFINITY,
  width: lineColumns,
  maxLines,
  ideal: lineColumns * maxLines * 0.75,
  measure: countColumns,
} as const;
/**
 * A word that is longer than a line stays whole: a player can break it, and the text keeps what was typed.
 */
const lineLimits = { width: lineColumns, maxLines: 99, minScale: 0.01, measure: countColumns };

function shiftWords({ words, startSeconds }: VttScene): TimedWord[] {
  return words.map((word) => ({
    ...word,
    text: word.text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim(),
    startSeconds: word.startSeconds + startSeconds,
    endSeconds: word.endSeconds + startSeconds,
  }));
}

/** Columns on a screen: East Asian letters and emoji take two, combining marks none. */
function countColumns(text: string): number {
  let columns = 0;
  for (const char of text) {
    if (/[\p{M}\p{Cf}]/u.test(char)) continue;
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f300}-\u{3ffff}]/u.test(
      char,
    )
      ? 2
      : 1;
  }
  return columns;
}

function writeCue(words: readonly TimedWord[], next: number): Cue {
  const start = words[0]?.startSeconds ?? 0;
  const spoken = words.at(-1)?.endSeconds ?? start;
  const end = Math.max(Math.min(Math.max(spoken + holdSeconds, start + minSeconds), next), start + 0.001);
  const { lines } = fitLines(words, lineLimits);
  let last = start;
  const text = lines
    .map((line) =>
      writeLine(line, (word) => {
        const at = words[word]?.startSeconds ?? 0;
        // Players reject times that do not increase within a cue.
        if (toMilliseconds(at) <= toMilliseconds(last) || toMilliseconds(at) >= toMilliseconds(end))
          return "";
        last = at;
        return `<${clock(at)}>`;
      }),
    )
    .join("\n");
  return {
    startSeconds: start,
    endSeconds: end,
    text: `${clock(start)} --> ${clock(end)}\n${text}\n`,
  };
}

function writeLine(line: readonly LinePiece[], timeOf: (word: number) => string): string {
  const pieces = line.map(({ text, word }) => ({ text: `${timeOf(word)}${escapeVtt(text)}` }));
  return joinWords(pieces.map((piece, i) => ({ ...piece, joinsNext: line[i]?.joinsNext ?? false })));
}

/** "<" would start markup, and "-->" would end the cue. */
function escapeVtt(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const toMilliseconds = (seconds: number) => Math.max(0, Math.round(seconds * 1000));

/** HH:MM:SS.mmm */
function clock(seconds: number): string {
  const ms = toMilliseconds(seconds);
  const pad = (value: number, digits = 2) => String(Math.floor(value)).padStart(digits, "0");
  return `${pad(ms / 3_600_000)}:${pad((ms / 60_000) % 60)}:${pad((ms / 1000) % 60)}.${pad(ms % 1000, 3)}`;
}
