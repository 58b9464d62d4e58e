/**
 * A segment whose crossfade alone has changed, because the scene before shows another picture or has another
 * length. The crossfade is encoded, and all after it is taken from the segment as it was, byte for byte.
 */
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { loadKernel } from "./camera/load-kernel.ts";
import { plainLook } from "./camera/looks.ts";
import { encodeFrames, maxBitsPerSecond, type Segment } from "./encode-segment.ts";
import { readStrip } from "./film-strip.ts";
import { framesToSeconds } from "./grid.ts";
import { type EncodedFrame, type EncodedPictures, readPictures } from "./mp4/read-pictures.ts";
import { writeSegment } from "./mp4/write-segment.ts";

/**
 * Writes the encoded frames that `encodeSegment` would write. False: they have to be encoded whole, because
 * `kept` was encoded with other settings, has no key frame after the crossfade, or the segment needs the cap
 * on its rate.
 *
 * @param kept a segment that differs from this one in the scene before alone, with its film strip if one is
 * wanted
 * @throws Transient, Cancelled
 */
export async function encodeFade(
  segment: Segment,
  kept: string,
  signal: AbortSignal,
  kernel: WebAssembly.Module | null = loadKernel(),
): Promise<boolean> {
  const { frames, look = plainLook, strip, to } = segment;
  const old = readPictures(await readFile(kept));
  const oldStrip = strip ? await readStrip(kept) : null;
  if (old.frames.length !== frames || !old.frames[look.fadeFrames]?.isKey) return false;
  if (strip && oldStrip === null) return false;
  await encodeFrames(segment, look.fadeFrames, kernel, signal);
  const fade = readPictures(await readFile(to));
  if (!hasSameSettings(fade, old)) return false;
  const joined = writeSegment({ ...fade, frames: [...fade.frames, ...old.frames.slice(look.fadeFrames)] });
  if ((8 * joined.length) / framesToSeconds(frames) > maxBitsPerSecond) return false;
  await writeFile(to, joined);
  if (strip && oldStrip) await joinStrips(strip, oldStrip);
  return true;
}

/**
 * x264 says with which settings it encoded, in the first unit of the first frame. A capped segment says so.
 */
function hasSameSettings(one: EncodedPictures, other: EncodedPictures): boolean {
  const [first, second] = [one, other].map(({ frames }) => firstUnit(frames[0] as EncodedFrame));
  return first?.equals(second as Buffer) === true && one.sampleEntry.equals(other.sampleEntry);
}

/** @source ISO/IEC 14496-15, 5.3.2: four bytes of length stand before each unit */
const firstUnit = ({ bytes }: EncodedFrame) => bytes.subarray(4, 4 + bytes.readUInt32BE(0));

/**
 * The crossfade's images lie in `strip`, or none where the kernel cannot run. Those after it come from the
 * old strip.
 */
async function joinStrips(strip: string, old: Buffer): Promise<void> {
  const fade = await readFile(strip).catch(() => null);
  if (fade !== null) await appendFile(strip, old.subarray(fade.length));
}
