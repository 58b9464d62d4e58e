import { Measurement, Transient } from "../errors.ts";
import type { Size } from "./camera/plan.ts";
import { probe } from "./ffmpeg.ts";

/**
 * Makes sure that a segment is whole before it is kept: one that is short would spoil every film it is reused in.
 * Throws `Transient`.
 */
export async function verifySegment(
  file: string,
  expected: { filmSize: Size; frames: number },
  signal: AbortSignal,
): Promise<void> {
  const [picture] = (await probe(file, { signal })).streams;
  const { width, height } = expected.filmSize;
  if (picture?.nb_read_packets === expected.frames && picture.width === width && picture.height === height)
    return;
  throw new Transient("segment.incomplete", "A scene was not complete.", {
    cause: new Measurement(`${picture?.nb_read_packets} frames, not ${expected.frames}`),
  });
}
