import { findBox, readBoxes, uint32 } from "./boxes.ts";

/** One encoded frame of a track. */
export interface EncodedFrame {
  bytes: Buffer;
  isKey: boolean;
  /** Ticks from its decoding to its showing. */
  shownAfter: number;
}

/** The pictures of an MP4 with one video track. */
export interface EncodedPictures {
  width: number;
  height: number;
  /** Ticks a second. */
  timescale: number;
  /** Ticks from the first frame's decoding to its showing. */
  delay: number;
  /** In decoding order. */
  frames: EncodedFrame[];
  /** The sample entry, such as avc1, without a box that depends on the length of the track. */
  sampleEntry: Buffer;
  /** For example "avc1.640028". */
  codec: string;
}

/**
 * Reads the pictures of a segment, as `encodeSegment` writes it.
 *
 * @throws Error if the file is cut, or is no such file
 * @source ISO/IEC 14496-12, 8.5 to 8.7; ISO/IEC 14496-15, 5.3.3 (avcC)
 */
export function readPictures(file: Buffer): EncodedPictures {
  const trak = findBox(file, "moov/trak");
  const table = findBox(trak, "mdia/minf/stbl");
  const tkhd = findBox(trak, "tkhd");
  const [width = 0, height = 0] = [tkhd.length - 8, tkhd.length - 4].map((at) => tkhd.readUInt16BE(at));
  const sizes = readSizes(findBox(table, "stsz"));
  const offsets = readOffsets(sizes, findBox(table, "stsc"), findBox(table, "stco"));
  const keys = new Set(readNumbers(findBox(table, "stss")));
  const shownAfter = readRuns(findBox(table, "ctts"));
  const frames = sizes.map((size, i) => {
    const at = offsets[i] as number;
    if (at + size > file.length) throw new Error("a frame of the MP4 is cut");
    return { bytes: file.subarray(at, at + size), isKey: keys.has(i + 1), shownAfter: shownAfter[i] ?? 0 };
  });
  const { entry, codec } = readSampleEntry(findBox(table, "stsd"));
  return {
    ...{ width, height, frames, codec, sampleEntry: entry },
    timescale: findBox(trak, "mdia/mdhd").readUInt32BE(12),
    delay: frames[0]?.shownAfter ?? 0,
  };
}

function readSizes(stsz: Buffer): number[] {
  const [same, count] = [stsz.readUInt32BE(4), stsz.readUInt32BE(8)];
  return Array.from({ length: count }, (_, i) => (same > 0 ? same : stsz.readUInt32BE(12 + i * 4)));
}

/** A full box that holds a count and as many numbers. */
const readNumbers = (body: Buffer): number[] =>
  Array.from({ length: body.readUInt32BE(4) }, (_, i) => body.readUInt32BE(8 + i * 4));

/** A full box that holds a count, and as many pairs of a count and a value. */
function readRuns(body: Buffer): number[] {
  const values: number[] = [];
  for (let i = 0; i < body.readUInt32BE(4); i++) {
    const count = body.readUInt32BE(8 + i * 8);
    for (let k = 0; k < count; k++) values.push(body.readUInt32BE(12 + i * 8));
  }
  return values;
}

/** Where each frame is in the file: frames of a chunk follow each other. */
function readOffsets(sizes: readonly number[], stsc: Buffer, stco: Buffer): number[] {
  const chunks = readNumbers(stco);
  const runs = Array.from({ length: stsc.readUInt32BE(4) }, (_, i) => ({
    firstChunk: stsc.readUInt32BE(8 + i * 12),
    frames: stsc.readUInt32BE(12 + i * 12),
  }));
  const offsets: number[] = [];
  for (const [i, start] of chunks.entries()) {
    const { frames = 0 } = runs.findLast(({ firstChunk }) => firstChunk <= i + 1) ?? {};
    for (let k = 0, at = start; k < frames; k++) {
      offsets.push(at);
      at += sizes[offsets.length - 1] ?? 0;
    }
  }
  if (offsets.length !== sizes.length) throw new Error("the MP4's tables do not agree");
  return offsets;
}

/** The fixed fields of a visual sample entry, before its boxes. */
const visualEntryBytes = 78;

function readSampleEntry(stsd: Buffer): { entry: Buffer; codec: string } {
  const entry = readBoxes(stsd.subarray(8))[0];
  if (entry?.type !== "avc1") throw new Error("the MP4's pictures are not H.264");
  const inside = readBoxes(entry.body.subarray(visualEntryBytes));
  const avcC = inside.find(({ type }) => type === "avcC")?.body;
  if (!avcC || avcC.length < 4) throw new Error("the MP4 has no avcC box");
  const kept = inside.filter(({ type }) => type !== "btrt").map(({ whole }) => whole);
  const body = Buffer.concat([entry.body.subarray(0, visualEntryBytes), ...kept]);
  const codec = `avc1.${avcC.toString("hex", 1, 4)}`;
  return { entry: Buffer.concat([uint32(body.length + 8), Buffer.from("avc1"), body]), codec };
}
