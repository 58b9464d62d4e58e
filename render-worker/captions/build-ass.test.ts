import { describe, expect, it } from "vitest";
import { buildAss, placeTitle } from "./build-ass.ts";
import { splitWords } from "./text/split-words.ts";
import type { TimedWord } from "./timed-word.ts";

const timed = (text: string, language = "en"): TimedWord[] =>
  splitWords(text, language).map((word, i) => ({
    ...word,
    startSeconds: i * 0.5,
    endSeconds: (i + 1) * 0.5,
  }));

const scene = { style: "karaoke", width: 1920, height: 1080, language: "en" } as const;

interface Event {
  layer: number;
  start: string;
  end: string;
  text: string;
}

const readEvents = (script: string): Event[] =>
  [...script.matchAll(/^Dialogue: (\d),([\d:.]+),([\d:.]+),\w+,,0,0,0,,(.*)$/gm)].map(
    ([, layer, start = "", end = "", text = ""]) => ({ layer: Number(layer), start, end, text }),
  );
const shown = (text: string) => text.replace(/(?<!\\)\{[^}]*\}/g, "");

describe("buildAss", () => {
  it("writes a script of the film's size that libass scales and colours as the film", () => {
    const script = buildAss({ ...scene, words: timed("One two."), width: 1080, height: 1920 });
    expect(script).toContain("PlayResX: 1080\nPlayResY: 1920\n");
    expect(script).toContain("ScaledBorderAndShadow: yes\nYCbCr Matrix: TV.709\n");
  });

  it("marks each word while it is spoken, and no two at once", () => {
    const marked = readEvents(buildAss({ ...scene, words: timed("one two three"), leadInSeconds: 0.3 }))
      .filter((event) => event.layer === 2)
      .map(({ start, end }) => `${start}-${end}`);
    expect(marked).toEqual(["0:00:00.30-0:00:00.80", "0:00:00.80-0:00:01.30", "0:00:01.30-0:00:02.30"]);
  });

  it("shows at most three words at a time, and each of the narration's words", () => {
    const text = "When I landed, my grandmother was waiting with a lantern by the slow green river.";
    const groups = readEvents(buildAss({ ...scene, words: timed(text) }))
      .filter((event) => event.layer === 0)
      .map((event) => shown(event.text));
    for (const group of groups) expect(group.split(" ").length).toBeLessThanOrEqual(3);
    expect(groups.join(" ")).toBe(text);
  });

  it("sets sentences on at most two lines", () => {
    const text = "When I landed, my grandmother was waiting with a lantern by the river. Nobody spoke.";
    const lines = readEvents(buildAss({ ...scene, style: "sentence", words: timed(text) })).filter(
      (e) => e.layer === 0,
    );
    expect(lines.map((line) => shown(line.text)).join(" ")).toBe(text);
    const byStart = Map.groupBy(lines, (line) => line.start);
    for (const cue of byStart.values()) expect(cue.length).toBeLessThanOrEqual(2);
  });

  it("adds the end card for its own time, beside a title", () => {
    const title = { text: "The City", startSeconds: 0.4, endSeconds: 3.2 };
    const endCard = { text: "The City", startSeconds: 6, endSeconds: 8 };
    const script = buildAss({ ...scene, words: [], title, endCard });
    const events = readEvents(script);
    expect(events).toHaveLength(4);
    expect(script).toMatch(/^Style: EndCard,/mu);
    expect(script.match(/0:00:06\.00,0:00:08\.00,EndCard/gu)).toHaveLength(2);
  });

  it("adds the title for its own time", () => {
    const title = { text: "The {City}", startSeconds: 0.4, endSeconds: 3.2 };
    const events = readEvents(buildAss({ ...scene, words: [], title }));
    expect(events.map(({ start, end }) => [start, end])).toEqual([
      ["0:00:00.40", "0:00:03.20"],
      ["0:00:00.40", "0:00:03.20"],
    ]);
    expect(events[0]?.text).toMatch(/The \\\{City\\\}$/);
  });

  it("writes nothing where there is nothing to show", () => {
    for (const words of [[], timed("\u200b"), [{ text: "\u202e", startSeconds: 0, endSeconds: 1 }]]) {
      const title = { text: " \n", startSeconds: 0, endSeconds: 1 };
      expect(readEvents(buildAss({ ...scene, words, title }))).toEqual([]);
    }
  });

  it("lets no text start a line or an event of its own", () => {
    const hostile =
      "a\nDialogue: 0,0:00:00.00,9:00:00.00,Caption,,0,0,0,,{\\pos(0,0)}pwned\r\n[Fonts]\u2028x";
    const words = [{ text: hostile, startSeconds: 0, endSeconds: 1 }];
    const plain = [{ text: hostile.replace(/\p{L}/gu, "x"), startSeconds: 0, endSeconds: 1 }];
    const script = buildAss({ ...scene, words, title: { text: hostile, startSeconds: 0, endSeconds: 1 } });
    expect(script.match(/^Dialogue/gm)).toHaveLength(
      readEvents(
        buildAss({
          ...scene,
          words: plain,
          title: { text: plain[0]?.text ?? "", startSeconds: 0, endSeconds: 1 },
        }),
      ).length,
    );
    expect(script).not.toMatch(/^\[Fonts\]/m);
    expect(script).not.toContain("{\\pos(0,0)}");
  });

  it("gives the same bytes for the same words", () => {
    const input = { ...scene, words: timed("我飞过一座玻璃城市。", "zh"), language: "zh" };
    expect(buildAss(input)).toBe(buildAss(input));
  });
});

it("never puts a title below the captions, where it is read as their second line", () => {
  const screen = { width: 1920, height: 1080, safe: { top: 54, bottom: 1026 } };
  const taken = { x: 400, y: 800, width: 1120, height: 120 };
  const broad = { x: 192, y: 108, width: 1536, height: 702 };
  const { at } = placeTitle(450, { subject: [broad], taken, screen })({ width: 800, above: 30, below: 30 });
  expect(at + 30).toBeLessThan(taken.y);
});

it("puts a title at the top, where a first picture has room, if neither it nor the foot of the subject is free", () => {
  const screen = { width: 1920, height: 1080, safe: { top: 54, bottom: 1026 } };
  const taken = { x: 600, y: 860, width: 700, height: 92 };
  const found = { x: 300, y: 150, width: 1300, height: 640 };
  const title = placeTitle(540, { subject: [found], taken, screen })({ width: 400, above: 40, below: 40 });
  expect(title).toEqual({ at: 94, isFree: false });
  const atTop = { ...found, y: 0, height: 790 };
  const lower = placeTitle(540, { subject: [atTop], taken, screen })({ width: 400, above: 30, below: 30 });
  expect(lower.at).toBeGreaterThan(600);
});
