import { expect, it } from "vitest";
import { toMp4Language } from "./mp4-language.ts";

it.each([
  ["en", "eng"],
  ["de-CH", "deu"],
  ["zh-Hant-TW", "zho"],
  ["fr", "fra"],
  ["iw", "heb"],
  ["bo", "bod"],
  ["yue", "yue"],
  ["fil-PH", "fil"],
  ["und", "und"],
  ["xx", "und"],
  ["auto", "und"],
  ["not a tag", "und"],
])("names the language of %j %j", (tag, code) => {
  expect(toMp4Language(tag)).toBe(code);
});
