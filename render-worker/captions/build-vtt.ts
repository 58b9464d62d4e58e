import { fitLines, type LinePiece } from "./text/fit-lines.ts";
import { groupWords } from "./text/group-words.ts";
import { joinWords, type TimedWord } from "./timed-word.ts";

export interface VttScene {
  words: readonly TimedWord[];
  /** Where the narration's sound begins in the film: the scene's start and its lead-in. */
  startSeconds: number;
}

/** Two lines of at most 42 columns. @source Netflix Timed Text Style Guide, General Requirements. */
const lineColumns = 42;
const maxLines = 2;
/** A cue stays so long after its last word, and so long at least, unless the next one comes. */
const holdSeconds = 0.5;
const minSeconds = 1.2;

/**
 * The whole film's captions as WebVTT: cues of at most two lines, ending with sentences or pauses where they can. Every
 * word but a cue's first carries its own time, so that a player can follow the voice. Text is shown as typed.
 */
export function buildVtt(scenes: readonly VttScene[]): string {
  const cues = scenes.flatMap((scene) => groupWords(placeWords(scene), groupLimits));
  const written = cues.map((cue, i) =>
    writeCue(cue, cues[i + 1]?.[0]?.startSeconds ?? Number.POSITIVE_INFINITY),
  );
  return ["WEBVTT\n", ...written].join("\n");
}

const groupLimits = {
  maxWords: Number.POSITIVE_INFINITY,
  width: lineColumns,
  maxLines,
  ideal: lineColumns * maxLines * 0.75,
  measure: countColumns,
} as const;
/** A word that is longer than a line stays whole: a player can break it, and nothing is added to what was typed. */
const lineLimits = { width: lineColumns, maxLines: 99, minScale: 0.01, measure: countColumns };

function placeWords({ words, startSeconds }: VttScene): TimedWord[] {
  return words.map((word) => ({
    ...word,
    text: word.text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim(),
    startSeconds: word.startSeconds + startSeconds,
    endSeconds: word.endSeconds + startSeconds,
  }));
}

/** A screen's columns: letters of the Far East and emoji take two, marks on other letters none. */
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

function writeCue(words: readonly TimedWord[], next: number): string {
  const start = words[0]?.startSeconds ?? 0;
  const spoken = words.at(-1)?.endSeconds ?? start;
  const end = Math.max(Math.min(Math.max(spoken + holdSeconds, start + minSeconds), next), start + 0.001);
  const { lines } = fitLines(words, lineLimits);
  let last = start;
  const text = lines
    .map((line) =>
      writeLine(line, (word) => {
        const at = words[word]?.startSeconds ?? 0;
        // Players refuse times that do not grow within the cue.
        if (toMilliseconds(at) <= toMilliseconds(last) || toMilliseconds(at) >= toMilliseconds(end))
          return "";
        last = at;
        return `<${clock(at)}>`;
      }),
    )
    .join("\n");
  return `${clock(start)} --> ${clock(end)}\n${text}\n`;
}

function writeLine(line: readonly LinePiece[], timeOf: (word: number) => string): string {
  const pieces = line.map(({ text, word }) => ({ text: `${timeOf(word)}${escapeVtt(text)}` }));
  return joinWords(pieces.map((piece, i) => ({ ...piece, joinsNext: line[i]?.joinsNext ?? false })));
}

/** Markup would otherwise be "<", and "-->" ends a cue. */
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
