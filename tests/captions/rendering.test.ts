import { beforeAll, describe, expect, it } from "vitest";
import type { BurntInStyle } from "../../contract/caption-style.ts";
import { filmSizes } from "../../contract/film.ts";
import {
  burntInStyles,
  type CaptionLook,
  captionLooks,
} from "../../render-worker/captions/ass/caption-looks.ts";
import { drawCaptions } from "../../render-worker/captions/ass/draw-captions.ts";
import { safeHeights, shapeOf } from "../../render-worker/captions/ass/film-shape.ts";
import { layOut } from "../../render-worker/captions/ass/layout.ts";
import { writeScript } from "../../render-worker/captions/ass/script.ts";
import { buildAss } from "../../render-worker/captions/build-ass.ts";
import { findMissingGlyphs } from "../../render-worker/captions/fonts/find-missing-glyphs.ts";
import { splitWords } from "../../render-worker/captions/text/split-words.ts";
import type { TimedWord } from "../../render-worker/captions/timed-word.ts";
import { seeded } from "../seeded.ts";
import {
  type Box,
  findColour,
  isAmber,
  isDrawn,
  isWhite,
  joinScripts,
  measureInk,
  type Rgb,
  renderFrames,
} from "./render-frames.ts";
import scripts from "./scripts.json" with { type: "json" };

const secondsEach = 0.5;
/** The styles that show several words at once. */
const sideBySide = burntInStyles.filter((style) => captionLooks[style].maxWords > 1);
const wide = filmSizes["16:9"];
const small = { width: 640, height: 360 };
const shapes = Object.entries(filmSizes);

const timed = (text: string, language: string): TimedWord[] =>
  splitWords(text, language).map((word, i) => ({
    ...word,
    startSeconds: i * secondsEach,
    endSeconds: (i + 1) * secondsEach,
  }));

const middleOf = (word: number) => (word + 0.6) * secondsEach;
const captions = (
  text: string,
  language: string,
  style: BurntInStyle,
  size: { width: number; height: number },
) => buildAss({ words: timed(text, language), style, language, ...size });

const sentences: [language: string, text: string][] = [
  ["en", "When I landed, “my grandmother” was waiting — at last."],
  ["de", "Die Straßenverkehrsordnungswidrigkeit flog über Größenwahn hinweg."],
  ["pl", "Zażółć gęślą jaźń, powiedział ktoś."],
  ["vi", "Tôi đã bay qua một thành phố bằng kính."],
  ["ru", "Бабушка ждала меня с фонарём."],
  ["el", "Η γιαγιά μου περίμενε με ένα φανάρι."],
  ["ar", "كانت جدتي تنتظر ومعها فانوس (1920)، وتحول الشارع."],
  ["fa", "من می‌خواهم پرواز کنم."],
  ["he", "סבתא שלי חיכתה עם פנס, והרחוב הפך לנהר."],
  ["hi", "मेरी दादी लालटेन लिए खड़ी थीं।"],
  ["bn", "আমি কাচের শহরের উপর উড়ছিলাম।"],
  ["ta", "நான் கண்ணாடி நகரத்தின் மீது பறந்தேன்."],
  ["zh", "奶奶提着灯笼在等我，街道变成了河流。"],
  ["ja", "祖母がランタンを持って「待って」いた。"],
  ["ko", "할머니가 등불을 들고 기다리고 있었다."],
  ["th", "คุณยายกำลังรออยู่พร้อมโคมไฟ"],
  ["ka", "მინის ქალაქის თავზე მივფრინავდი."],
  ["am", "በመስታወት ከተማ ላይ እየበረርኩ ነበር።"],
  ["en", "A 🐉 ate 👨‍👩‍👧‍👦 and 👍🏽 waved 🇩🇪 ❤️ 🔥 1️⃣ 🌙."],
  ["en", "z̸̧̛̗͈͖̲̔̈́̾̕̕a̷̢͓̫̫̐͐̈́̕l̵̡̛̙̭̐̓̏̌g̶̢̛̤̙̃̎̑͝o̵̡͓̻̟̽͐͊̕ {\\b1} \\N %{x} C:\\new\\path"],
];

describe("captions drawn by libass", () => {
  describe("in many languages", () => {
    const apartSeconds = 20;
    let drawn: Awaited<ReturnType<typeof renderFrames>>;
    beforeAll(async () => {
      const all = sentences.map(([language, text]) => {
        const words = timed(text, language);
        const title = { text, startSeconds: 0, endSeconds: words.length };
        // The second time for "sentence" is after a possible first cue.
        const times = [0.4, middleOf(words.length - 1)];
        return { script: buildAss({ words, style: "sentence", language, title, ...wide }), times };
      });
      const times = all.flatMap(({ times: own }, n) => own.map((at) => n * apartSeconds + at));
      const script = joinScripts(
        all.map((one) => one.script),
        apartSeconds,
      );
      drawn = await renderFrames(script, small, times);
    });

    it.each(sentences)("have a glyph for everything: %s %s", async (language, text) => {
      expect(await findMissingGlyphs(text)).toEqual([]);
      expect(drawn.warnings).not.toMatch(missingGlyph);
      const n = sentences.findIndex((one) => one[0] === language && one[1] === text);
      for (const frame of drawn.frames.slice(n * 2, n * 2 + 2))
        expect(findColour(frame, isDrawn).count).toBeGreaterThan(100);
    });
  });

  describe("in many scripts", () => {
    const apartSeconds = 300;
    let warnings = "";
    const boxes = new Map<string, Box[]>();
    beforeAll(async () => {
      const lines = Object.entries(scripts).flatMap(([name, { text, language }]) => {
        const script = buildAss({ words: timed(text, language), style: "sentence", language, ...wide });
        expect(script).not.toContain("…");
        const { at, places } = findTwoLines(script);
        return places.map((place) => ({ name, at, script: keepLine(script, place) }));
      });
      const times = lines.map(({ at }, n) => n * apartSeconds + at);
      const joined = joinScripts(
        lines.map(({ script }) => script),
        apartSeconds,
      );
      const drawn = await renderFrames(joined, wide, times);
      warnings = drawn.warnings;
      for (const [n, { name }] of lines.entries())
        boxes.set(name, [...(boxes.get(name) ?? []), findColour(drawn.frames[n] as Rgb, isLetter)]);
    });

    it.each(Object.keys(scripts))("keep two lines apart and show all of the text, in %s", (name) => {
      expect(warnings).not.toMatch(missingGlyph);
      const [upper, lower] = boxes.get(name) as [Box, Box];
      expect(upper.count).toBeGreaterThan(1000);
      expect(lower.top - upper.bottom, "rows of pixels between the lines").toBeGreaterThan(2);
    });
  });

  it("give a warning if a glyph is missing, so the test above can fail", async () => {
    const words = timed("a \u{f0000} b", "en");
    const script = buildAss({ words, style: "sentence", language: "en", ...wide });
    const shown = await renderFrames(script, wide, [0.4]);
    expect(shown.warnings).toMatch(missingGlyph);
    const undrawable = new Set(await findMissingGlyphs("a \u{f0000} b"));
    const without = buildAss({ words, style: "sentence", language: "en", undrawable, ...wide });
    expect((await renderFrames(without, wide, [0.4])).warnings).not.toMatch(missingGlyph);
  });

  it.each(sideBySide)("mark the spoken word, left to right (%s)", async (style) => {
    const boxes = await amberBoxes("ein kleiner Fuchs", "de", style);
    expect(boxes.map(middle)).toEqual(boxes.map(middle).sort((a, b) => a - b));
  });

  it.each([
    ["ar", "كل نافذة تحمل"],
    ["he", "עפתי מעל עיר"],
  ])("mark the spoken word, right to left (%s)", async (language, text) => {
    for (const style of sideBySide) {
      const boxes = await amberBoxes(text, language, style);
      expect(boxes.map(middle)).toEqual(boxes.map(middle).sort((a, b) => b - a));
    }
  });

  it("keep right-to-left order around a foreign word at the line's start", async () => {
    const boxes = await amberBoxes("BBC قالت نعم", "ar", "karaoke");
    expect(boxes.map(middle)).toEqual(boxes.map(middle).sort((a, b) => b - a));
  });

  it("shape joined letters equally, marked or not", async () => {
    const script = captions("كل نافذة تحمل", "ar", "sentence", wide);
    const { frames } = await renderFrames(script, wide, [middleOf(0), middleOf(1)]);
    const [other, marked] = frames as [Rgb, Rgb];
    const box = findColour(marked, isAmber);
    const ink = countIn(other, box, isWhite);
    expect(Math.abs(ink - countIn(marked, box, isAmber))).toBeLessThan(ink * 0.15);
  });

  it("move no other word while one grows", async () => {
    const script = captions("seven slow rivers", "en", "karaoke", wide);
    const { frames } = await renderFrames(script, wide, [middleOf(0), middleOf(1), middleOf(2)]);
    const [first, second, third] = frames as [Rgb, Rgb, Rgb];
    const last = findColour(third, isAmber);
    expect(cut(first, last).equals(cut(second, last))).toBe(true);
    expect(cut(first, last).equals(cut(third, last))).toBe(false);
  });

  it.each(shapes)("stay inside the picture's safe area (%s)", async (_, size) => {
    const long =
      "Donaudampfschifffahrtsgesellschaftskapitän und Straßenverkehrsordnungswidrigkeitsverfahren, sagte sie.";
    const shape = shapeOf(size.width, size.height);
    for (const style of burntInStyles) {
      const { place, maxLines } = captionLooks[style];
      const [em, , baseline] = place[shape];
      const top = baseline - (1.5 * maxLines * em * Math.min(size.width, size.height)) / size.height;
      const words = timed(long, "de");
      const times = words.map((_, i) => middleOf(i));
      const seen = { width: size.width / 2, height: size.height / 2 };
      const { frames } = await renderFrames(captions(long, "de", style, size), seen, times);
      for (const frame of frames) {
        const box = findColour(frame, isDrawn);
        expect(box.left / seen.width).toBeGreaterThan(0.05);
        expect(box.right / seen.width).toBeLessThan(0.95);
        expect(box.top / seen.height).toBeGreaterThan(top);
        expect(box.bottom / seen.height).toBeLessThan(safeHeights[shape].bottom);
      }
    }
  });

  it.each([
    ["en", "It rained, and I was a long way from home."],
    ["ar", "كانت جدتي تنتظر ومعها فانوس، وتحول الشارع إلى نهر."],
  ])("stand on boxes in the lower left, if a style's look says so (%s)", async (language, text) => {
    const look: CaptionLook = { ...captionLooks.sentence, behind: "box", left: 0.08 };
    const { captions: place } = layOut(wide.width, wide.height, look);
    const drawn = drawCaptions(timed(text, language), look, { ...wide, language }, place);
    const script = writeScript(wide, drawn.styles, drawn.events);
    const [frame] = (await renderFrames(script, wide, [middleOf(1)])).frames as [Rgb];
    const box = findColour(frame, isBox);
    const words = findColour(frame, isLetter);
    expect(box.left / wide.width).toBeCloseTo(0.08, 1);
    expect(box.right / wide.width).toBeLessThan(0.75);
    expect(box.top / wide.height).toBeGreaterThan(0.74);
    expect(words.left).toBeGreaterThan(box.left + 8);
    expect(words.right).toBeLessThan(box.right - 8);
    const area = (box.right - box.left) * (box.bottom - box.top);
    expect(box.count + words.count, "a glow is soft, a box is full").toBeGreaterThan(area * 0.6);
  });

  it("show markup as typed: every character is there, and nothing else", async () => {
    const all = ["{\\b1}", "\\N", "{\\pos(1,1)}x", "%{eif}", "\\h{*}\\"];
    const inks = await measureInks([...new Set([...all, ...all.join("")])]);
    for (const typed of all) {
      const whole = inks.get(typed) as number;
      let parts = 0;
      for (const char of typed) {
        const ink = inks.get(char) as number;
        expect(ink, `${char} alone`).toBeGreaterThan(0);
        parts += ink;
      }
      expect(Math.abs(whole - parts), typed).toBeLessThan(parts * 0.02);
    }
  });

  it("show a line's typed characters where the same characters without special meaning stand", async () => {
    // A single "{" opens no block, so libass shows it without an escape: a neutral way to draw the same
    // glyph.
    const neutral = captions("x", "en", "sentence", wide).replaceAll("x\n", "a{ b\n");
    const escaped = captions("x", "en", "sentence", wide).replaceAll("x\n", "a\\{ b\n");
    const [one, other] = await Promise.all([
      renderFrames(neutral, wide, [0.3]),
      renderFrames(escaped, wide, [0.3]),
    ]);
    expect(findColour(one.frames[0] as Rgb, isDrawn).count).toBeGreaterThan(1000);
    expect(one.frames[0]?.pixels.equals(other.frames[0]?.pixels as Buffer)).toBe(true);
  });

  it("draw every character that can be typed, and no box, once characters without a glyph are known", async () => {
    const next = seeded(20_261_122);
    const random = (below: number) => Math.floor(next() * below);
    const spice = [
      "{",
      "}",
      "\\",
      "\\N",
      "%{x}",
      "'",
      '"',
      "\u202e",
      "\u200d",
      "\ufe0f",
      "\n",
      "🏽",
      "movie=",
      "[a]",
      ";",
      ":",
    ];
    const char = () =>
      random(3) === 0
        ? (spice[random(spice.length)] as string)
        : String.fromCodePoint(random(random(2) ? 0x3100 : 0x20_000));
    const words = Array.from({ length: 300 }, (_, i) => ({
      text: Array.from({ length: 1 + random(8) }, char).join(""),
      startSeconds: i / 10,
      endSeconds: (i + 1) / 10,
    }));
    const undrawable = new Set(await findMissingGlyphs(words.map((word) => word.text).join("")));
    const script = buildAss({ words, style: "karaoke", language: "en", undrawable, ...wide });
    const times = words.map((word) => word.startSeconds + 0.05);
    const { frames, warnings } = await renderFrames(script, { width: 320, height: 180 }, times);
    expect(frames.at(-1)?.pixels.length).toBe(320 * 180 * 3);
    expect(warnings, "seed 20261122").not.toMatch(missingGlyph);
  });

  it("do not change the picture during silence", async () => {
    const script = buildAss({
      words: timed("one two", "en"),
      style: "karaoke",
      language: "en",
      leadInSeconds: 1,
      ...wide,
    });
    const { frames } = await renderFrames(script, wide, [0.9, 1.3, 3]);
    expect(frames.map((frame) => findColour(frame, isDrawn).count > 0)).toEqual([false, true, false]);
  });
});

/** When two lines are first shown, and the tags that place each of them. */
function findTwoLines(script: string): { at: number; places: [string, string] } {
  const glows = [...script.matchAll(/^Dialogue: 0,0:00:([\d.]+),.*?(\\pos\([^)]*\))/gm)];
  const first = glows.findIndex(([, at], i) => glows[i + 1]?.[1] === at);
  const [upper, lower] = glows.slice(first, first + 2);
  if (first < 0 || !upper || !lower) throw new Error("the sample is too short for two lines");
  return { at: Number(upper[1]) + 0.3, places: [upper[2] as string, lower[2] as string] };
}

const keepLine = (script: string, place: string) =>
  script
    .split("\n")
    .filter((line) => !line.startsWith("Dialogue") || line.includes(place))
    .join("\n");

/** The colour of boxes, without the letters' edges. */
const isBox = (r: number, g: number, b: number) => r < 30 && g < 30 && b < 40;
const isLetter = (r: number, g: number, _b: number) => r > 140 && g > 100;

/** The warning of libass before it draws a box. */
const missingGlyph = /failed to find any fallback with glyph/;

const middle = (box: Box) => (box.left + box.right) / 2;

async function amberBoxes(text: string, language: string, style: BurntInStyle): Promise<Box[]> {
  const words = timed(text, language);
  const script = captions(text, language, style, wide);
  const { frames } = await renderFrames(
    script,
    wide,
    words.map((_, i) => middleOf(i)),
  );
  const boxes = frames.map((frame) => findColour(frame, isAmber));
  for (const box of boxes) expect(box.count).toBeGreaterThan(100);
  return boxes;
}

/** The area of the glyphs of each text as a caption of one word, without outline and glow. */
async function measureInks(texts: readonly string[]): Promise<Map<string, number>> {
  const alone = texts.map((text) => {
    const words = [{ text, startSeconds: 0, endSeconds: 1 }];
    return buildAss({ words, style: "sentence", language: "en", ...wide });
  });
  const apartSeconds = 10;
  const times = texts.map((_, n) => n * apartSeconds + 0.5);
  const { frames } = await renderFrames(joinScripts(alone, apartSeconds), wide, times);
  return new Map(texts.map((text, n) => [text, measureInk(frames[n] as Rgb)]));
}

function cut({ width, pixels }: Rgb, { left, right, top, bottom }: Box): Buffer {
  const rows = Array.from({ length: bottom - top + 1 }, (_, i) => {
    const from = ((top + i) * width + left) * 3;
    return pixels.subarray(from, from + (right - left + 1) * 3);
  });
  return Buffer.concat(rows);
}

function countIn(frame: Rgb, box: Box, matches: typeof isAmber): number {
  return findColour({ ...frame, width: box.right - box.left + 1, pixels: cut(frame, box) }, matches).count;
}
