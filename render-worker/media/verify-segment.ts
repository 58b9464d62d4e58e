import { Measurement, Transient } from "../errors.ts";
import type { Size } from "./camera/plan.ts";
import { probe } from "./ffmpeg.ts";

/**
 * Checks that a segment is complete before it is kept: a short one would spoil every film that reuses it.
 *
 * @throws Transient `segment.incomplete`, and what `probe` throws
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
  throw new Transient("segment.incomplete", "An encoded scene was not complete.", {
    cause: new Measurement(`${picture?.nb_read_packets} frames, not ${expected.frames}`),
  });
}
