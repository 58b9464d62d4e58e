import { bottomOf, drawLine, type LineLook } from "./ass/draw-line.ts";
import { drawTitle, type TitleCard } from "./ass/draw-title.ts";
import { layOut } from "./ass/layout.ts";
import { type AssEvent, type AssStyle, round, writeScript } from "./ass/script.ts";
import { chooseFont } from "./fonts/choose-font.ts";
import { measureText } from "./fonts/measure-text.ts";
import { cleanText } from "./text/clean-text.ts";
import { fitLines, type LinePiece } from "./text/fit-lines.ts";
import { groupWords } from "./text/group-words.ts";
import { joinWords, type TimedWord } from "./timed-word.ts";

export type { TitleCard } from "./ass/draw-title.ts";

export interface AssInput {
  words: readonly TimedWord[];
  /** "karaoke": a few large words at a time. "sentence": whole lines at the bottom. Both mark the word being said. */
  style: "karaoke" | "sentence";
  /** Of the film, in pixels. */
  width: number;
  height: number;
  /** BCP 47 tag of the words. */
  language: string;
  /** Seconds of the scene before its narration starts; added to every word's times. */
  leadInSeconds?: number;
  /** Over the picture's middle; times from the scene's start. */
  title?: TitleCard | undefined;
  /** Characters to leave out because no font draws them, from `findMissingGlyphs`. */
  undrawable?: ReadonlySet<string>;
}

const accent = "&H3CB4FF&";
const white = "&HFFFFFF&";
const fadeInMs = 80;
const fadeOutMs = 120;
/** How long the last words stay when nothing follows. */
const holdSeconds = 0.5;
const leading = 1.3;

/**
 * One scene's captions (and title) as an ASS script for libass, times from the scene's start. What users wrote is
 * shown as typed and can be no markup. Pure.
 */
export function buildAss(input: AssInput): string {
  const { width, height, style, language, leadInSeconds = 0, undrawable } = input;
  const words = cleanWords(input.words, undrawable, leadInSeconds);
  const around = joinWords(words);
  const place = layOut(width, height)[style];
  const base = chooseFont(around, language);
  const styles: AssStyle[] = [
    {
      name: "Caption",
      font: base,
      em: place.em,
      outline: place.em * 0.06,
      shadow: place.em * 0.035,
      alignment: 2,
    },
  ];
  const measure = (text: string) => measureText(text, language) * place.em;
  const lineLimits =
    style === "karaoke"
      ? { width: place.width, maxLines: 2, minScale: 0.55 }
      : { width: place.width, maxLines: 2, minScale: 0.7 };
  const limits = { ...lineLimits, measure };
  const narrow = Math.min(place.width, place.em * 11.5);
  const groups =
    style === "karaoke"
      ? groupWords(words, {
          maxWords: 3,
          ideal: narrow * 0.8,
          measure,
          fits: (group) => measure(joinWords(group)) <= narrow,
        })
      : groupWords(words, {
          maxWords: Number.POSITIVE_INFINITY,
          ideal: place.width * 1.4,
          measure,
          fits: (group) => isAtFullSize(group, limits),
        });
  const events: AssEvent[] = [];
  for (const [g, group] of groups.entries()) {
    const next = groups[g + 1]?.[0]?.startSeconds ?? Number.POSITIVE_INFINITY;
    const { lines, scale } = fitLines(group, limits);
    const look: LineLook = { base, em: place.em * scale, language, role: "caption", around };
    const shrink =
      scale < 1 ? `\\fs${round(look.em * (base.ascent + base.descent))}\\bord${round(look.em * 0.06)}` : "";
    for (const [i, line] of lines.entries()) {
      const baseline = place.baseline - (lines.length - 1 - i) * leading * look.em;
      const at = `\\pos(${round(width / 2)},${bottomOf(line, look, baseline)})${shrink}`;
      events.push(
        ...drawSpoken(
          line,
          group,
          Math.min(next, (group.at(-1)?.endSeconds ?? 0) + holdSeconds),
          look,
          at,
          style,
        ),
      );
    }
  }
  if (input.title) {
    const title = drawTitle(input.title, input, layOut(width, height).title);
    styles.push(title.style);
    events.push(...title.events);
  }
  return writeScript({ width, height }, styles, events);
}

const isAtFullSize = (group: readonly TimedWord[], limits: Parameters<typeof fitLines>[1]) => {
  const { lines, scale } = fitLines(group, { ...limits, maxLines: 99 });
  return scale === 1 && lines.length <= limits.maxLines;
};

function cleanWords(
  words: readonly TimedWord[],
  undrawable: ReadonlySet<string> | undefined,
  offset: number,
): TimedWord[] {
  return words
    .map((word) => ({
      ...word,
      text: cleanText(word.text, undrawable),
      startSeconds: word.startSeconds + offset,
      endSeconds: word.endSeconds + offset,
    }))
    .filter((word) => word.text !== "");
}

/**
 * A line while its group is shown: white, and over it the word being said, in the accent colour and grown a little.
 * The two are separate layers: on its own layer a word of a centred line grows about its own middle, and no other
 * word moves.
 */
function drawSpoken(
  line: readonly LinePiece[],
  group: readonly TimedWord[],
  end: number,
  look: LineLook,
  at: string,
  style: AssInput["style"],
): AssEvent[] {
  const groupStart = group[0]?.startSeconds ?? 0;
  const isHere = new Set(line.map((piece) => piece.word));
  // Moments at which the line changes: its words' starts, and the start of the first word that is not on it.
  const events: AssEvent[] = [];
  for (const [i, word] of group.entries()) {
    const start = i === 0 ? groupStart : word.startSeconds;
    const until = group[i + 1]?.startSeconds ?? end;
    const fade = `\\fad(${i === 0 ? fadeInMs : 0},${i === group.length - 1 ? fadeOutMs : 0})`;
    const slice = { startSeconds: start, endSeconds: until, style: "Caption" };
    if (!isHere.has(i)) {
      events.push({ ...slice, layer: 0, text: `{${at}${fade}}${drawLine(line, look)}` });
      continue;
    }
    const hide = { word: i, on: "\\alpha&HFF&", off: "\\alpha&H00&" };
    const grow = style === "karaoke" ? "\\t(0,100,\\fscx106\\fscy106)" : "";
    const show = {
      word: i,
      on: `\\alpha&H00&\\c${accent}${grow}`,
      off: `\\alpha&HFF&\\c${white}\\fscx100\\fscy100`,
    };
    events.push({ ...slice, layer: 0, text: `{${at}${fade}}${drawLine(line, look, hide)}` });
    events.push({ ...slice, layer: 1, text: `{${at}${fade}}${drawLine(line, look, show)}` });
  }
  return events;
}
