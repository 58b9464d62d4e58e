/**
 * The mark of a reference sheet: a number that is written into the sheet's pixels, and into those of every picture
 * that is painted from it. Tests read from a picture's pixels who is in it. The number also holds the looks of a
 * person, so that the picture shows the person of the sheet.
 */
import { hash32 } from "../../chance.ts";
import { type ColourName, colourNames } from "../../text/find-attributes.ts";
import type { Dreamer } from "../scene.ts";

/** 24 bits: kind (2), the dreamer (1), short hair (1), the coat's colour (4), and a hash of the sheet (16). */
export type Mark = number;

const kinds = ["person", "animal", "place", "object"] as const;
const sheet = /^reference sheet of one (person|animal|place|object)\b[^:]*: (.*)$/isu;

/** The mark of the sheet that this prompt asks for, and of the photos in the request; null for other pictures. */
export function markOfSheet(prompt: string, photos: readonly string[]): Mark | null {
  const [, kind, description = ""] = sheet.exec(prompt) ?? [];
  if (kind === undefined) return null;
  // A form has other line ends than JSON.
  const seed = hash32([prompt.replaceAll("\r\n", "\n"), ...photos].join("\n"));
  const isShort =
    /\bshort hair\b/iu.test(description) || (!/\blong hair\b/iu.test(description) && seed % 2 === 1);
  const [, named] = /\ban? (\w+) coat\b/iu.exec(description) ?? [];
  const coat = colourNames.indexOf(named?.toLowerCase() as ColourName);
  return (
    kinds.indexOf(kind.toLowerCase() as (typeof kinds)[number]) |
    (/\bthe dreamer\b/iu.test(description) ? 4 : 0) |
    (isShort ? 8 : 0) |
    ((coat >= 0 ? coat : (seed >>> 4) % colourNames.length) << 4) |
    (((seed >>> 8) & 0xffff) << 8)
  );
}

/** The looks of the dreamer by the first mark that is the dreamer's; null: no mark is. */
export function looksOf(marks: readonly Mark[]): Dreamer | null {
  const mark = marks.find((one) => (one & 4) !== 0);
  if (mark === undefined) return null;
  return { hair: mark & 8 ? "short" : "long", coat: colourNames[(mark >>> 4) & 15] ?? null };
}
