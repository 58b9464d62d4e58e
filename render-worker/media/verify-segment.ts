import { readFile } from "node:fs/promises";
import { Measurement, Transient } from "../errors.ts";
import type { Size } from "./camera/plan.ts";
import { type EncodedPictures, readPictures } from "./mp4/read-pictures.ts";

/**
 * Checks that a segment is complete before it is kept: a short one would spoil every film that reuses it.
 *
 * @throws Transient `segment.incomplete`
 */
export async function verifySegment(
  file: string,
  expected: { filmSize: Size; frames: number },
): Promise<void> {
  const { frames, ...found } = await read(file);
  const { width, height } = expected.filmSize;
  if (frames.length === expected.frames && found.width === width && found.height === height) return;
  throw incomplete(new Measurement(`${frames.length} frames, not ${expected.frames}`));
}

const incomplete = (cause: unknown) =>
  new Transient("segment.incomplete", "An encoded scene was not complete.", { cause });

async function read(file: string): Promise<EncodedPictures> {
  const bytes = await readFile(file);
  try {
    return readPictures(bytes);
  } catch (error) {
    throw incomplete(error);
  }
}
