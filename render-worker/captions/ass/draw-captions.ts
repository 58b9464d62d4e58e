import { chooseFonts, mainFont } from "../fonts/choose-font.ts";
import { measureText } from "../fonts/measure-text.ts";
import { fitLines, type LinePiece, textOf } from "../text/fit-lines.ts";
import { groupWords } from "../text/group-words.ts";
import { joinWords, type TimedWord } from "../timed-word.ts";
import type { CaptionLook } from "./caption-looks.ts";
import { bottomOf, directionOf, type LineLook, leadingOf } from "./draw-line.ts";
import { boxStyle, drawSpokenLine, spokenStyle } from "./draw-spoken-line.ts";
import { type Area, areaOf, type TextBlock } from "./keep-clear.ts";
import type { TextPlace } from "./layout.ts";
import { type AssEvent, type AssStyle, fontSize, round } from "./script.ts";

const fadeOutMs = 120;
/** How long the last words stay if nothing follows. */
const holdSeconds = 0.5;
const rim = 0.055;

/**
 * The caption events for groups of one or two lines, with the spoken word marked, the styles that the events
 * name, and the area that they cover, which is null without words.
 *
 * @param choosePlace gets the size of the largest group and returns the baseline of the lowest line
 */
export function drawCaptions(
  words: readonly TimedWord[],
  captionLook: CaptionLook,
  { width, language }: { width: number; language: string },
  place: TextPlace,
  choosePlace: (block: TextBlock) => number = () => place.baseline,
): { styles: AssStyle[]; events: AssEvent[]; area: Area | null } {
  const around = joinWords(words);
  const fonts = chooseFonts(around, language, "caption");
  const base = mainFont(around, fonts);
  const direction = directionOf(around);
  const measure = (text: string) => measureText(text, fonts) * place.em;
  const limits = {
    width: place.width,
    maxLines: captionLook.maxLines,
    minScale: captionLook.minScale,
    measure,
  };
  const groups = groupForScreen(words, captionLook, place, measure).map((group) => {
    const { lines, scale } = fitLines(group, limits);
    const look: LineLook = { fonts, base, em: place.em * scale, direction };
    return { group, lines, scale, look };
  });
  // One place for the whole scene: words that jump are hard to read.
  const block = { ...blockOf(groups, measure), left: place.left };
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
      const middle = place.left === null ? width / 2 : place.left + (measure(textOf(line)) * scale) / 2;
      const tags = `\\pos(${round(middle)},${bottomOf(line, look, baseline)})${resize(look, scale)}`;
      return drawSpokenLine({ line, group, endSeconds, fadeMs, look, tags, captionLook });
    });
  });
  const style = { name: spokenStyle, font: base, em: place.em, outline: place.em * rim };
  const boxes = captionLook.behind === "box" ? [{ ...style, name: boxStyle, isBoxed: true }] : [];
  return {
    styles: [style, ...boxes],
    events,
    area: groups.length === 0 ? null : areaOf(block, lowest, width),
  };
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

const resize = ({ base, em }: LineLook, scale: number) =>
  scale < 1 ? `\\fs${fontSize(base, em)}\\bord${round(em * rim)}` : "";

function groupForScreen(
  words: readonly TimedWord[],
  { maxWords, widestEms, usualLines, idealWidth }: CaptionLook,
  { em, width: lineWidth }: TextPlace,
  measure: (text: string) => number,
): TimedWord[][] {
  const width = Math.min(lineWidth, em * widestEms);
  return groupWords(words, { maxWords, width, maxLines: usualLines, ideal: width * idealWidth, measure });
}
