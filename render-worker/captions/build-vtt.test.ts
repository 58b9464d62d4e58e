import { describe, expect, it } from "vitest";
import { buildVtt } from "./build-vtt.ts";
import { splitWords } from "./text/split-words.ts";
import type { TimedWord } from "./timed-word.ts";

const timed = (text: string, secondsEach = 0.4, language = "en"): TimedWord[] =>
  splitWords(text, language).map((word, i) => ({
    ...word,
    startSeconds: i * secondsEach,
    endSeconds: (i + 1) * secondsEach,
  }));

interface Cue {
  start: number;
  end: number;
  lines: string[];
}

const seconds = (clock: string) => {
  const [hours = 0, minutes = 0, rest = 0] = clock.split(":").map(Number);
  return hours * 3600 + minutes * 60 + rest;
};

/** As strict as a player: throws on anything that is not a cue. */
function readCues(vtt: string): Cue[] {
  const [header, ...blocks] = vtt.trimEnd().split("\n\n");
  expect(header).toBe("WEBVTT");
  return blocks.map((block) => {
    const [times = "", ...lines] = block.split("\n");
    const match = /^(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})$/.exec(times);
    if (!match) throw new Error(`not a cue: ${block}`);
    return { start: seconds(match[1] ?? ""), end: seconds(match[2] ?? ""), lines };
  });
}

const plain = (line: string) => line.replace(/<[\d:.]+>/g, "");

describe("buildVtt", () => {
  const dream =
    "I was flying over a city made of glass. Every window held a different season. When I landed, my grandmother " +
    "was waiting with a lantern, and the street turned into a slow green river, and nobody on it spoke at all.";

  it("writes cues of at most two lines of 42 columns that do not overlap", () => {
    const cues = readCues(buildVtt([{ words: timed(dream), startSeconds: 0.3 }]));
    for (const [i, cue] of cues.entries()) {
      expect(cue.lines.length).toBeLessThanOrEqual(2);
      for (const line of cue.lines) expect(plain(line).length).toBeLessThanOrEqual(42);
      expect(cue.end).toBeGreaterThan(cue.start);
      expect(cue.end).toBeLessThanOrEqual(cues[i + 1]?.start ?? Number.POSITIVE_INFINITY);
    }
    expect(cues.map((cue) => cue.lines.map(plain).join(" ")).join(" ")).toBe(dream);
  });

  it("places scenes in the film and gives every word its time", () => {
    const vtt = buildVtt([
      { words: timed("First scene."), startSeconds: 0.5 },
      { words: timed("Second scene."), startSeconds: 3661.25 },
    ]);
    expect(vtt).toBe(
      "WEBVTT\n\n00:00:00.500 --> 00:00:01.800\nFirst <00:00:00.900>scene.\n\n" +
        "01:01:01.250 --> 01:01:02.550\nSecond <01:01:01.650>scene.\n",
    );
  });

  it("keeps a short cue readable while nothing follows", () => {
    const [cue] = readCues(buildVtt([{ words: timed("Go!", 0.2), startSeconds: 0 }]));
    expect(cue?.end).toBe(1.2);
  });

  it("shows markup as typed and lets no text end a cue", () => {
    const words = timed("<b>bold</b> & 00:00 --> 01:00\n\nNOTE x");
    const [cue, ...others] = readCues(buildVtt([{ words, startSeconds: 0 }]));
    expect(others).toEqual([]);
    expect(cue?.lines.map(plain).join(" ")).toBe("&lt;b&gt;bold&lt;/b&gt; &amp; 00:00 --&gt; 01:00 NOTE x");
  });

  it("adds nothing to a word that is longer than a line", () => {
    const long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen";
    const cues = readCues(buildVtt([{ words: timed(`Die ${long} fuhr.`), startSeconds: 0 }]));
    expect(cues.map((cue) => cue.lines.map(plain).join(" ")).join(" ")).toBe(`Die ${long} fuhr.`);
  });

  it("counts a Chinese character as two columns", () => {
    const words = timed(
      "当我落地时，奶奶提着灯笼在等我，街道变成了一条缓慢的绿色河流，没有人说话。",
      0.3,
      "zh",
    );
    for (const { lines } of readCues(buildVtt([{ words, startSeconds: 0 }]))) {
      for (const line of lines) expect([...plain(line)].length).toBeLessThanOrEqual(21);
    }
  });

  it("writes a film without words as an empty file that is valid", () => {
    expect(buildVtt([{ words: [], startSeconds: 0 }])).toBe("WEBVTT\n");
  });
});
