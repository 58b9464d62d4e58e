/**
 * The samples of a WAV file, found by walking its chunks. A header's length is not trusted: a writer that
 * streams does not know the length when it writes the header, and a service that speaks sentence by sentence
 * sends several files one after another.
 *
 * @source Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (RIFF, WAVE);
 *   WAVEFORMATEXTENSIBLE
 */
export interface WavSamples {
  /** ffmpeg's name of the raw format. */
  format: "u8" | "s16le" | "s24le" | "s32le" | "f32le" | "f64le";
  sampleRate: number;
  channels: number;
  bytesPerSecond: number;
  /** Interleaved, whole samples only, of all joined files. */
  samples: Buffer;
  /** How much of the length in the header is missing. 0 if the header does not know the length. */
  missingSeconds: number;
}

type Layout = Pick<WavSamples, "format" | "sampleRate" | "channels">;

/** Writers that do not know the length put 0, 7FFFFFFF, 7FFFF000, FFFFFFFF or one of these minus a header. */
const leastUnknownSize = 0x7fff_0000;
const formats: Record<string, WavSamples["format"]> = {
  "1/8": "u8",
  "1/16": "s16le",
  "1/24": "s24le",
  "1/32": "s32le",
  "3/32": "f32le",
  "3/64": "f64le",
};
const bytesPerSample = { u8: 1, s16le: 2, s24le: 3, s32le: 4, f32le: 4, f64le: 8 };

/** Null if the file is no WAV, has another coding than plain samples, or changes it between joined files. */
export function readWav(file: Buffer): WavSamples | null {
  if (!isWav(file, 0)) return null;
  const parts: Buffer[] = [];
  let layout: Layout | null = null;
  let missing = 0;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const from = at + 8;
    let end = from + size;
    if (isWav(file, at)) end = at + 12;
    else if (id === "fmt ") {
      const next = readLayout(file.subarray(from, end));
      if (next === null || (layout !== null && !isSame(layout, next))) return null;
      layout = next;
    } else if (id === "data") {
      if (layout === null) return null;
      const there = nextWav(file, from);
      const isUnknown = size >= leastUnknownSize || (size === 0 && there > from);
      if (!isUnknown) missing += Math.max(0, end - there);
      end = isUnknown ? there : Math.min(end, there);
      const wholeSamples = Math.floor((end - from) / frameBytes(layout)) * frameBytes(layout);
      parts.push(file.subarray(from, from + wholeSamples));
    }
    // Chunks start at even offsets, but some writers omit the padding byte.
    at = end % 2 === 1 && !isWav(file, end) ? end + 1 : end;
  }
  if (layout === null || parts.length === 0) return null;
  const bytesPerSecond = layout.sampleRate * frameBytes(layout);
  return {
    ...layout,
    bytesPerSecond,
    samples: Buffer.concat(parts),
    missingSeconds: missing / bytesPerSecond,
  };
}

const isWav = (file: Buffer, at: number) =>
  file.toString("latin1", at, at + 4) === "RIFF" && file.toString("latin1", at + 8, at + 12) === "WAVE";

/** The offset of the next joined file, or the end. */
function nextWav(file: Buffer, from: number): number {
  for (let at = file.indexOf("RIFF", from, "latin1"); at >= 0; at = file.indexOf("RIFF", at + 1, "latin1"))
    if (isWav(file, at)) return at;
  return file.length;
}

const extensible = 0xfffe;

function readLayout(chunk: Buffer): Layout | null {
  if (chunk.length < 16) return null;
  const tag = chunk.readUInt16LE(0);
  const coding = tag === extensible && chunk.length >= 26 ? chunk.readUInt16LE(24) : tag;
  const format = formats[`${coding}/${chunk.readUInt16LE(14)}`];
  const channels = chunk.readUInt16LE(2);
  const sampleRate = chunk.readUInt32LE(4);
  const isPlausible = channels >= 1 && channels <= 8 && sampleRate >= 4_000 && sampleRate <= 384_000;
  return format !== undefined && isPlausible ? { format, sampleRate, channels } : null;
}

const isSame = (a: Layout, b: Layout) =>
  a.format === b.format && a.sampleRate === b.sampleRate && a.channels === b.channels;

const frameBytes = ({ format, channels }: Layout) => bytesPerSample[format] * channels;
