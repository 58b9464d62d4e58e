import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readDream, readDreamFile, readTranscript, requireVisible } from "./read-dream.ts";

const folder = mkdtempSync(join(tmpdir(), "dreamreel-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
const dream = "Ich flog über ein Meer – es war süß.";
const windows1252 = Buffer.from(dream.replaceAll("–", "\x96"), "latin1");
const bigEndian = Buffer.from(dream, "utf16le").swap16();

describe("a dream from a file", () => {
  it.each([
    ["UTF-8", Buffer.from(dream)],
    ["UTF-8 with its mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(dream)])],
    ["UTF-16, little endian", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(dream, "utf16le")])],
    ["UTF-16, big endian", Buffer.concat([Buffer.from([0xfe, 0xff]), bigEndian])],
    ["UTF-16, little endian, without a mark", Buffer.from(dream, "utf16le")],
    ["UTF-16, big endian, without a mark", bigEndian],
  ])("is the text that was written in %s", (_, bytes) => {
    expect(readDream(file("dream.txt", bytes), null)).toBe(dream);
  });

  it.each([
    ["Windows-1252", windows1252],
    ["UTF-16 without a mark, not Latin", Buffer.from("夢を見た。海の上を飛んだ。", "utf16le")],
    ["UTF-16 without a mark, and without a space", Buffer.from("حلمت", "utf16le")],
    ["UTF-32 without a mark", Buffer.from("I\0\0\0 \0\0\0f\0\0\0")],
    ["UTF-16 cut in the middle of a character", Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x42])],
    ["Shift_JIS", Buffer.from([0x96, 0xb2, 0x82, 0xf0, 0x8c, 0xa9, 0x82, 0xbd])],
  ])("is refused in %s, with an advice", (_, bytes) => {
    expect(() => readDream(file("dream.txt", bytes), null)).toThrow(/not utf-.*--encoding windows-1252/);
  });

  it("is read in the encoding that is named", () => {
    expect(readDream(file("dream.txt", windows1252), "windows-1252")).toBe(dream);
    expect(readDream(file("dream.txt", bigEndian), "utf-16be")).toBe(dream);
    expect(() => readDream(file("dream.txt", dream), "klingon")).toThrow("no such encoding");
  });

  it.each([
    ["PDF", "%PDF-1.7 …"],
    ["RTF", "{\\rtf1\\ansi I flew.}"],
    ["a Word document", "PK\x03\x04 …"],
  ])("is refused when it is %s", (_, bytes) => {
    expect(() => readDream(file("dream.txt", bytes), null)).toThrow("Save it as plain text");
  });
});

describe("a dream on the command line", () => {
  it("is given once", async () => {
    expect(await readTranscript(undefined, { text: "I flew." })).toBe("I flew.");
    await expect(readTranscript("I swam.", { text: "I flew." })).rejects.toThrow("two dreams");
    await expect(readTranscript(undefined, {})).rejects.toThrow("There is no dream");
  });

  it.each([
    "dream.txt",
    "my dream.txt",
    "./dream",
    "~/dreams/flying",
    "C:\\dreams\\flying.txt",
    "examples/dreams/flying-shrot.txt",
    "Träume/Meer.txt",
    "dreem",
  ])("is not the path %j, which names no file", (path) => {
    expect(() => readDream(path, null)).toThrow(`There is no file ${path}. If this text is the dream`);
  });

  it("is not the name of a folder", () => {
    mkdirSync(join(folder, "dreams"));
    for (const read of [readDream, readDreamFile])
      expect(() => read(join(folder, "dreams"), null)).toThrow("dreams is a folder");
  });

  it.each([
    "I flew over a sea.",
    "I met it at example.com",
    "Either/or, said the moon.",
    "夢を見た。",
    "Ich flog: süß.",
  ])("is the text %j itself", (text) => {
    expect(readDream(text, null)).toBe(text);
  });
});

it.each([
  "",
  " \n",
  "\u200b",
  "\u2060\ufeff\u00ad",
  "\u{e0041}",
  "\u3164\u115f",
  "\u2800",
  "\0\u0007",
  "\ufe0f",
])("refuses %j, which has no visible character", (text) => {
  expect(() => requireVisible(text, "The text")).toThrow("no visible character");
  expect(() => readDream(file("dream.txt", text), null)).toThrow(/no visible character|is not utf-8/);
});
