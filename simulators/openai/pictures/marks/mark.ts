/**
 * The mark of a reference sheet: a number that is written into the sheet's pixels, and into those of every
 * picture that is painted from it. Tests read from a picture's pixels who is in it. The number also holds the
 * looks of a person, so that the picture shows the person of the sheet.
 */
import { hash32 } from "../../chance.ts";
import { type ColourName, colourNames } from "../../text/find-attributes.ts";
import { findConcepts } from "../../text/find-concepts.ts";
import type { Looks, Who } from "../scene.ts";
import { faceOf } from "./face.ts";

/** 24 bits: kind (2), short hair (1), who (3), the coat's colour (4), and a hash of the sheet (14). */
export type Mark = number;

const kinds = ["person", "animal", "place", "object"] as const;
/** Whom the simulator can paint, at its place in a mark; the first is anyone else. */
const whos: readonly (Who | null)[] = [null, "dreamer", "man", "woman", "child", "grandmother"];
const sheet = /^reference sheet of one (person|animal|place|object)\b[^:]*: (.*)$/isu;

/**
 * The mark of the sheet that this prompt asks for, and of the photos in the request; null for other pictures.
 */
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
    (isShort ? 4 : 0) |
    (whos.indexOf(whoIs(description)) << 3) |
    ((coat >= 0 ? coat : (seed >>> 4) % colourNames.length) << 6) |
    (((seed >>> 8) & 0x3fff) << 10)
  );
}

function whoIs(description: string): Who | null {
  if (/\bthe dreamer\b/iu.test(description)) return "dreamer";
  const named = findConcepts(description).find((name) => whos.includes(name as Who));
  return (named as Who | undefined) ?? null;
}

/** The looks of the people whose marks these are. Of two marks for one person the first counts. */
export function peopleOf(marks: readonly Mark[]): ReadonlyMap<Who, Looks> {
  const people = new Map<Who, Looks>();
  for (const mark of marks) {
    const who = whos[(mark >>> 3) & 7] ?? null;
    if ((mark & 3) !== 0 || who === null || people.has(who)) continue;
    const canBeBearded = who === "man" || (who === "dreamer" && (mark & 4) !== 0);
    people.set(who, {
      hair: mark & 4 ? "short" : "long",
      coat: colourNames[(mark >>> 6) & 15] ?? null,
      face: faceOf(mark, canBeBearded),
    });
  }
  return people;
}
