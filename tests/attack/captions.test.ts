import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BurntInStyle } from "../../contract/caption-style.ts";
import { burntInStyles } from "../../render-worker/captions/ass/caption-looks.ts";
import { buildAss } from "../../render-worker/captions/build-ass.ts";
import { buildVtt } from "../../render-worker/captions/build-vtt.ts";
import { splitWords } from "../../render-worker/captions/text/split-words.ts";
import { seeded } from "../seeded.ts";
import { type Canary, startCanary } from "./canary.ts";

const run = promisify(execFile);
const seed = 20_261_122;
const size = { width: 320, height: 180, language: "en" };
let canary: Canary;
let folder: string;
let texts: string[];

beforeAll(async () => {
  canary = await startCanary();
  folder = mkdtempSync(join(tmpdir(), "dreamreel-attack-"));
  texts = hostileTexts(1_000, canary);
});
afterAll(() => {
  canary.close();
  rmSync(folder, { recursive: true });
});

/** Each text as a scene's narration and as the film's title, as long as the storyboard's check permits. */
const script = (text: string, style: BurntInStyle) => {
  const words = splitWords(text.slice(0, 2_000), "en").map((word, index) => ({
    ...word,
    startSeconds: index * 0.1,
    endSeconds: index * 0.1 + 0.1,
  }));
  return buildAss({
    ...size,
    words,
    style,
    title: { text: text.slice(0, 200), startSeconds: 0, endSeconds: 1 },
  });
};

describe(`what people write (seed ${seed})`, () => {
  it("is never markup in captions: every override block comes from the caption writer", () => {
    const plain = burntInStyles.map((style) =>
      script("A calm dream 中文 عربي אבג ไทย 😀 of a long road home", style),
    );
    const known = new Set(plain.flatMap(tagsIn));
    const sections = sectionsOf(plain[0] as string);
    for (const [index, text] of texts.entries()) {
      const ass = script(text, burntInStyles[index % burntInStyles.length] as BurntInStyle);
      const why = JSON.stringify(text.slice(0, 500));
      expect(
        tagsIn(ass).filter((tag) => !known.has(tag)),
        why,
      ).toEqual([]);
      expect(ass, why).not.toMatch(/\\(i1|p[01]|fnX|fs999|fs9\)|r\}|t\(\\fs9)/);
      const odd = ass.split("\n").filter((line) => line !== "" && !/^(\[|;|[A-Za-z0-9 ]+:)/.test(line));
      expect(odd, why).toEqual([]);
      expect(sectionsOf(ass), why).toEqual(sections);
    }
  });

  it("renders: libass takes every script, reads no file and calls no server", async () => {
    const words = texts.slice(0, 60).map((text) => text.slice(0, 100));
    writeFileSync(join(folder, "captions.ass"), script(words.join(" "), "karaoke"));
    const filter = ["-f", "lavfi", "-i", "color=black:s=320x180:r=1:d=60", "-vf", "ass=captions.ass"];
    await run("ffmpeg", ["-v", "error", "-nostdin", ...filter, "-f", "null", "-"], { cwd: folder });
    expect(canary.hits).toEqual([]);
  });

  it("starts no cue, note or style of its own in WebVTT", () => {
    for (const text of texts) {
      const words = splitWords(text, "en").map((word, index) => ({
        ...word,
        startSeconds: index,
        endSeconds: index + 1,
      }));
      const vtt = buildVtt([{ words, startSeconds: 0 }]);
      const blocks = vtt.split("\n\n").slice(1);
      const strange = blocks.filter(
        (block) => block.trim() !== "" && !/^(\d+\n)?[\d:.]+ --> [\d:.]+/.test(block),
      );
      expect(strange, JSON.stringify(text)).toEqual([]);
      expect(vtt.match(/-->/g)?.length ?? 0, JSON.stringify(text)).toBe(
        vtt.match(/^(?:\d{2}:)?\d{2}:\d{2}\.\d{3} --> /gm)?.length ?? 0,
      );
      expect(vtt, JSON.stringify(text)).not.toMatch(/<(?!\/?[cv](?:\.[a-z]+)?>|\d{2}:|\/?b>|\/?i>)[^>\s]/);
    }
  });
});

const sectionsOf = (ass: string) => ass.split("\n").filter((line) => line.startsWith("["));

const tagsIn = (ass: string): string[] =>
  ass
    .split("\n")
    .filter((line) => line.startsWith("Dialogue:"))
    .flatMap((line) => [...line.matchAll(/(?<!\\)\{([^}]*)\}/g)])
    .flatMap(([, block]) =>
      [...(block ?? "").matchAll(/\\([1-4]?(?:fn|[a-zA-Z]+))/g)].map(([, tag]) => tag as string),
    );

function hostileTexts(count: number, { url, file }: Canary): string[] {
  const random = seeded(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const pieces = [
    ..."'\"\\:;,[]{}()%|=<>&#!@$`~*?/\n\r\t\v\f\u0085\u2028\u2029\u0000\ufeff",
    ..."\u202e\u2066\u200d\u200b\u0301\u{1f600}\u{1f3f4}\u{e0067}\u4e2d\u0639\u05d0\u0e01",
    ...[
      "\\N",
      "\\n",
      "\\h",
      "{\\i1}",
      "{\\p1}m 0 0 l 9 9{\\p0}",
      "\\{",
      "{\\fnX}",
      "{\\fs999}",
      "{\\r}",
      "{\\t(\\fs9)}",
    ],
    ...["%{pts}", "%{eif:1:d}", "$\u007bIFS}", "$(id)", "`id`", "%s", "%n", "%03d"],
    ...[`movie=${url}/movie`, `textfile=${file}`, "[in]movie=x[out]", `subtitles=${url}`, `file:${file}`],
    ...[
      "\n\nNOTE x",
      "\n\nSTYLE\n::cue{}",
      "\n\n00:00.000 --> 99:00.000\nx",
      "-->",
      "<script>",
      "<c.x>",
      "</v>",
      "&lt;",
    ],
    ...[
      "Dialogue: 0,0:00:00.00,0:00:09.00,D,,0,0,0,,x",
      "\n[Events]\n",
      "\n[Fonts]\nfontname: x",
      "Style: X",
      "Comment:",
    ],
    ...[
      "a",
      "dream",
      "of",
      "light",
      " ",
      " ",
      " ",
      "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324",
    ],
  ];
  const fuzzed = Array.from({ length: count - 3 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 24) }, () => pick(pieces)).join(""),
  );
  return [
    ...fuzzed,
    "x".repeat(10_000),
    "{".repeat(10_000),
    `${"a\u0301".repeat(300)}${"\u202e".repeat(300)}`,
  ];
}

it("would find an escape: unescaped text does call the canary", async () => {
  const naive = `drawtext=text='a',movie=${canary.url.replaceAll(":", "\\\\\\:")}/naive[x];[x]null`;
  await run("ffmpeg", [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    "color=black:s=64x64:d=1",
    "-filter_complex",
    naive,
    "-f",
    "null",
    "-",
  ]).catch(() => {});
  expect(canary.hits.length).toBeGreaterThan(0);
  canary.hits.length = 0;
  expect(readFileSync(canary.file).length).toBeGreaterThan(0);
});
