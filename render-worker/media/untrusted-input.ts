import { open } from "node:fs/promises";
import { limits } from "../../contract/limits.ts";
import { Poison } from "../errors.ts";

/**
 * The restrictions for ffmpeg before it opens an untrusted file. The worker names the container after
 * reading the first bytes; ffmpeg never guesses it from the name or the content, so it never follows a
 * playlist or a script that poses as a picture. Only that container's own decoders may run.
 */
export interface UntrustedFormat {
  demuxer: string;
  decoders: string;
}

/**
 * The most pixels of a picture that is decoded. 15,000 x 15,000 pixels in half a megabyte of PNG would take
 * 768 MB.
 */
export const maxPixels: number = limits.photoPixels;

type Signature = UntrustedFormat & { matches: (head: Buffer) => boolean };

const ascii = (head: Buffer, at: number, text: string) =>
  head.toString("latin1", at, at + text.length) === text;

const pictures: readonly Signature[] = [
  { demuxer: "png_pipe", decoders: "png", matches: (head) => ascii(head, 0, "\x89PNG\r\n\x1a\n") },
  { demuxer: "jpeg_pipe", decoders: "mjpeg", matches: (head) => ascii(head, 0, "\xff\xd8\xff") },
  {
    demuxer: "webp_pipe",
    decoders: "webp,vp8",
    matches: (head) => ascii(head, 0, "RIFF") && ascii(head, 8, "WEBP"),
  },
];

const mpegSync = (head: Buffer) => head[0] === 0xff && ((head[1] ?? 0) & 0xe6) > 0xe0;
const adtsSync = (head: Buffer) => head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0;

const voices: readonly Signature[] = [
  // read-wav.ts reads the chunks and leaves raw samples to ffmpeg.
  { demuxer: "wav", decoders: "", matches: (head) => ascii(head, 0, "RIFF") && ascii(head, 8, "WAVE") },
  { demuxer: "flac", decoders: "flac", matches: (head) => ascii(head, 0, "fLaC") },
  { demuxer: "ogg", decoders: "opus,libopus,vorbis", matches: (head) => ascii(head, 0, "OggS") },
  { demuxer: "mp3", decoders: "mp3float,mp3", matches: (head) => ascii(head, 0, "ID3") || mpegSync(head) },
  { demuxer: "aac", decoders: "aac", matches: adtsSync },
];

const recordings: readonly Signature[] = [
  {
    demuxer: "matroska",
    decoders: "opus,libopus,vorbis",
    matches: (head) => ascii(head, 0, "\x1a\x45\xdf\xa3"),
  },
  {
    demuxer: "mov",
    decoders: "aac,alac,opus,libopus,mp3float,mp3",
    matches: (head) => ascii(head, 4, "ftyp"),
  },
  {
    demuxer: "wav",
    decoders: "pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8,pcm_alaw,pcm_mulaw",
    matches: (head) => ascii(head, 0, "RIFF") && ascii(head, 8, "WAVE"),
  },
  ...voices.filter(({ demuxer }) => demuxer !== "wav"),
];

/**
 * The format of an untrusted picture.
 *
 * @throws Poison `media.unknown_format` if it is not supported
 */
export const sniffPicture = (file: string) => sniff(file, pictures, "picture");

/** True if these first bytes are those of a supported picture format. */
export const looksLikePicture = (head: Buffer): boolean => pictures.some((format) => format.matches(head));

/**
 * The format of an untrusted voice.
 *
 * @throws Poison `media.unknown_format` if it is not supported
 */
export const sniffVoice = (file: string) => sniff(file, voices, "voice");

/**
 * The format of an untrusted recording, which may also be WebM or MP4.
 *
 * @throws Poison `media.unknown_format` if it is not supported
 */
export const sniffRecording = (file: string) => sniff(file, recordings, "recording");

const headBytes = 16;

async function sniff(file: string, known: readonly Signature[], what: string): Promise<UntrustedFormat> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    const found = known.find((format) => format.matches(head));
    if (found) return { demuxer: found.demuxer, decoders: found.decoders };
  } finally {
    await handle.close();
  }
  throw new Poison("media.unknown_format", `The ${what} has a format that is not supported.`);
}

/** ffmpeg's input options for a file of this format. */
export function guardInput(format: UntrustedFormat): string[] {
  return [
    ...[
      "-protocol_whitelist",
      "file",
      "-format_whitelist",
      format.demuxer,
      "-codec_whitelist",
      format.decoders,
    ],
    ...["-max_pixels", String(maxPixels), "-max_streams", "4", "-f", format.demuxer],
  ];
}
