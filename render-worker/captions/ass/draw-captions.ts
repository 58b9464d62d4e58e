import type { BurntInStyle } from "../../../contract/caption-style.ts";
import { chooseFonts, type FontChoice, mainFont } from "../fonts/choose-font.ts";
import { measureText } from "../fonts/measure-text.ts";
import { fitLines, type LinePiece, textOf } from "../text/fit-lines.ts";
import { groupWords } from "../text/group-words.ts";
import { joinWords, type TimedWord } from "../timed-word.ts";
import { type CaptionLook, captionLooks } from "./caption-looks.ts";
import { bottomOf, directionOf, drawLine, type LineLook, leadingOf } from "./draw-line.ts";
import type { Area, TextBlock } from "./keep-clear.ts";
import type { TextPlace } from "./layout.ts";
import { type AssEvent, type AssStyle, fontSize, round } from "./script.ts";

/** Amber, as &HBBGGRR&. */
const accent = "&H3CB4FF&";
const fadeInMs = 80;
const fadeOutMs = 120;
/** How long the last words stay if nothing follows. */
const holdSeconds = 0.5;
const rim = 0.055;

/**
 * The caption events for groups of one or two lines, with the spoken word marked, the style that the events
 * name, and the area that they cover, which is null without words.
 *
 * @param choosePlace gets the size of the largest group and returns the baseline of the lowest line
 */
export function drawCaptions(
  words: readonly TimedWord[],
  name: BurntInStyle,
  { width, language }: { width: number; language: string },
  place: TextPlace,
  choosePlace: (block: TextBlock) => number = () => place.baseline,
): { style: AssStyle; events: AssEvent[]; area: Area | null } {
  const captionLook = captionLooks[name];
  const around = joinWords(words);
  const fonts = chooseFonts(around, language, "caption");
  const base = mainFont(around, fonts);
  const direction = directionOf(around);
  const measure = (text: string) => measureText(text, fonts) * place.em;
  const limits = { width: place.width, maxLines: 2, minScale: captionLook.minScale, measure };
  const groups = groupForScreen(words, captionLook, place, measure).map((group) => {
    const { lines, scale } = fitLines(group, limits);
    const look: LineLook = { fonts, base, em: place.em * scale, direction };
    return { group, lines, scale, look };
  });
  // One place for the whole scene: words that jump are hard to read.
  const block = blockOf(groups, measure);
  const lowest = choosePlace(block);
  const events = groups.flatMap(({ group, lines, scale, look }, g) => {
    const next = groups[g + 1]?.group[0]?.startSeconds ?? Number.POSITIVE_INFINITY;
    const held = (group.at(-1)?.endSeconds ?? 0) + holdSeconds;
    const endSeconds = Math.min(next, held);
    // Without a pause the groups change at once: a fade would dim a word while it is spoken.
    const fadeMs = next > held ? fadeOutMs : 0;
    const leading = leadingOf(lines, look);
    return lines.flatMap((line, i) => {
      const baseline = lowest - (lines.length - 1 - i) * leading * look.em;
      const tags = `\\pos(${round(width / 2)},${bottomOf(line, look, baseline)})${resize(look, scale)}`;
      return drawSpokenLine({ line, group, endSeconds, fadeMs, look, tags, grows: captionLook.grows });
    });
  });
  const style = { name: "Caption", font: base, em: place.em, outline: place.em * rim };
  return { style, events, area: groups.length === 0 ? null : areaOf(block, lowest, width) };
}

/** How far the letters of most scripts reach above and below their baselines, in em. */
const reach = { above: 0.95, below: 0.3 };

/** The size of the largest group. */
function blockOf(
  groups: readonly { lines: LinePiece[][]; scale: number; look: LineLook }[],
  measure: (text: string) => number,
): TextBlock {
  const most = (value: (group: (typeof groups)[number]) => number) => Math.max(0, ...groups.map(value));
  return {
    width: most(({ lines, scale }) => scale * Math.max(...lines.map((line) => measure(textOf(line))))),
    above: most(({ lines, look }) => ((lines.length - 1) * leadingOf(lines, look) + reach.above) * look.em),
    below: most(({ look }) => reach.below * look.em),
  };
}

const areaOf = ({ width, above, below }: TextBlock, baseline: number, filmWidth: number): Area => ({
  x: (filmWidth - width) / 2,
  y: baseline - above,
  width,
  height: above + below,
});

const resize = ({ base, em }: LineLook, scale: number) =>
  scale < 1 ? `\\fs${fontSize(base, em)}\\bord${round(em * rim)}` : "";

function groupForScreen(
  words: readonly TimedWord[],
  { maxWords, widestEms, maxLines, idealWidth }: CaptionLook,
  { em, width: lineWidth }: TextPlace,
  measure: (text: string) => number,
): TimedWord[][] {
  const width = Math.min(lineWidth, em * widestEms);
  return groupWords(words, { maxWords, width, maxLines, ideal: width * idealWidth, measure });
}

interface SpokenLine {
  line: readonly LinePiece[];
  group: readonly TimedWord[];
  endSeconds: number;
  /** The duration of the fade-out. */
  fadeMs: number;
  look: LineLook;
  tags: string;
  grows: boolean;
}

/**
 * A line while its group is shown, in three layers: a soft dark glow, the words in white, and the spoken word
 * in the accent colour, grown a little. The spoken word has a layer of its own, so it grows about its own
 * middle and no other word moves.
 */
function drawSpokenLine({ line, group, endSeconds, fadeMs, look, tags, grows }: SpokenLine): AssEvent[] {
  const startSeconds = group[0]?.startSeconds ?? 0;
  const glow = `\\1a&HFF&\\3a&H58&\\bord${round(look.em * 0.13)}\\blur${round(look.em * 0.1)}`;
  const fades = `\\fad(${fadeInMs},${fadeMs})`;
  const events: AssEvent[] = [
    {
      layer: 0,
      startSeconds,
      endSeconds,
      style: "Caption",
      text: `{${tags}${glow}${fades}}${drawLine(line, look)}`,
    },
  ];
  for (const slice of sliceBySpoken(line, group, endSeconds)) {
    const isFirst = slice.startSeconds === startSeconds;
    const isLast = slice.endSeconds === endSeconds;
    const fade = `\\fad(${isFirst ? fadeInMs : 0},${isLast ? fadeMs : 0})`;
    const { word, ...times } = slice;
    const draw = (layer: number, emphasis?: Parameters<typeof drawLine>[2]) =>
      events.push({
        ...times,
        layer,
        style: "Caption",
        text: `{${tags}${fade}}${drawLine(line, look, emphasis)}`,
      });
    if (word === undefined) {
      draw(1);
      continue;
    }
    const grow = grows ? growTags(group[word]?.text ?? "", look.fonts) : "";
    draw(1, { word, on: "\\alpha&HFF&", off: "\\alpha&H00&" });
    draw(2, { word, on: `\\alpha&H00&\\c${accent}${grow}`, off: "\\alpha&HFF&\\fscx100\\fscy100" });
  }
  return events;
}

interface Slice {
  startSeconds: number;
  endSeconds: number;
  /** The spoken word, if it is on this line. */
  word: number | undefined;
}

function sliceBySpoken(line: readonly LinePiece[], group: readonly TimedWord[], endSeconds: number): Slice[] {
  const isHere = new Set(line.map((piece) => piece.word));
  const slices: Slice[] = [];
  for (const [i, { startSeconds }] of group.entries()) {
    const until = group[i + 1]?.startSeconds ?? endSeconds;
    const last = slices.at(-1);
    if (isHere.has(i)) slices.push({ startSeconds, endSeconds: until, word: i });
    else if (last && last.word === undefined) last.endSeconds = until;
    else slices.push({ startSeconds, endSeconds: until, word: undefined });
  }
  return slices;
}

/** Grows a word by a twelfth of an em on either side, so that a long word does not touch its neighbours. */
function growTags(word: string, fonts: FontChoice): string {
  const percent = round(100 * (1 + Math.min(0.08, 0.16 / measureText(word, fonts))));
  return `\\t(0,90,\\fscx${percent}\\fscy${percent})`;
}
