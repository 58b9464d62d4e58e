import type { FontChoice } from "../fonts/choose-font.ts";
import { measureText } from "../fonts/measure-text.ts";
import type { LinePiece } from "../text/fit-lines.ts";
import type { TimedWord } from "../timed-word.ts";
import type { CaptionLook } from "./caption-looks.ts";
import { drawLine, type LineLook } from "./draw-line.ts";
import { type AssEvent, round } from "./script.ts";

/** Amber, as &HBBGGRR&. */
const accent = "&H3CB4FF&";
const fadeInMs = 80;

interface SpokenLine {
  line: readonly LinePiece[];
  group: readonly TimedWord[];
  endSeconds: number;
  /** The duration of the fade-out. */
  fadeMs: number;
  look: LineLook;
  /** The override tags of the line's position and size. */
  tags: string;
  captionLook: Pick<CaptionLook, "behind" | "grows">;
}

/** The names of the ASS styles of the words, and of the boxes behind them. */
export const spokenStyle = "Caption";
export const boxStyle = "CaptionBox";

/**
 * A line while its group is shown, in three layers: a soft dark glow or a box, the words in white, and the
 * spoken word in the accent colour, grown a little. The spoken word has a layer of its own, so it grows about
 * its own middle and no other word moves.
 */
export function drawSpokenLine(spoken: SpokenLine): AssEvent[] {
  const { line, group, endSeconds, fadeMs, look, tags, captionLook } = spoken;
  const startSeconds = group[0]?.startSeconds ?? 0;
  const hasBox = captionLook.behind === "box";
  const fades = `\\fad(${fadeInMs},${fadeMs})`;
  const events: AssEvent[] = [
    {
      layer: 0,
      startSeconds,
      endSeconds,
      style: hasBox ? boxStyle : spokenStyle,
      text: `{${tags}${hasBox ? boxTags(look.em) : glowTags(look.em)}${fades}}${drawLine(line, look)}`,
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
        style: spokenStyle,
        text: `{${tags}${fade}}${drawLine(line, look, emphasis)}`,
      });
    if (word === undefined) {
      draw(1);
      continue;
    }
    const grow = captionLook.grows ? growTags(group[word]?.text ?? "", look.fonts) : "";
    draw(1, { word, on: "\\alpha&HFF&", off: "\\alpha&H00&" });
    draw(2, { word, on: `\\alpha&H00&\\c${accent}${grow}`, off: "\\alpha&HFF&\\fscx100\\fscy100" });
  }
  return events;
}

const glowTags = (em: number) => `\\1a&HFF&\\3a&H58&\\bord${round(em * 0.13)}\\blur${round(em * 0.1)}`;

/** The boxes of two lines may overlap, so they are opaque. */
const boxTags = (em: number) => `\\1a&HFF&\\3a&HFF&\\xshad${round(em * 0.3)}\\yshad${round(em * 0.08)}`;

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
