/** Damages the bytes of a picture or a voice. Each kind was seen at a real provider. */
import sharp from "sharp";
import type { ByteFault } from "../control.ts";
import { encodeSpeech } from "../voice/encode-speech.ts";

type Reshape = (bytes: Buffer) => Buffer | Promise<Buffer>;

const ofBoth: Partial<Record<ByteFault, Reshape>> = {
  cut_at_60_percent: (bytes) => cut(bytes, 0.6),
  one_byte_short: (bytes) => bytes.subarray(0, -1),
  html_bytes: () => Buffer.from("<!doctype html><html><title>502 Bad Gateway</title></html>"),
  json_bytes: () => Buffer.from('{"detail":"The model is busy."}'),
  no_bytes: () => Buffer.alloc(0),
};

const ofPictures: Partial<Record<ByteFault, Reshape>> = {
  ...ofBoth,
  jpeg_cut_at_70_percent: async (bytes) => cut(await sharp(bytes).jpeg().toBuffer(), 0.7),
  gif: (bytes) => sharp(bytes).resize(320).gif().toBuffer(),
  avif: (bytes) => sharp(bytes).resize(320).avif().toBuffer(),
  // 41 million pixels.
  huge_picture: () =>
    sharp({ create: { width: 6_400, height: 6_410, channels: 3, background: "#123" } })
      .png()
      .toBuffer(),
};

const wavHeaderBytes = 44;
const dataLengthAt = 40;

const ofSounds: Partial<Record<ByteFault, Reshape>> = {
  ...ofBoth,
  silence: (wav) =>
    Buffer.concat([wav.subarray(0, wavHeaderBytes), Buffer.alloc(wav.length - wavHeaderBytes)]),
  joined_wavs: (wav) => Buffer.concat([wav, wav]),
  length_unknown: (wav) => {
    const streamed = Buffer.from(wav);
    streamed.writeUInt32LE(0x7fffffff, dataLengthAt);
    return streamed;
  },
  joined_mp3s: async (wav) => {
    const mp3 = await encodeSpeech(samplesOf(wav), "mp3", new AbortController().signal);
    return Buffer.concat([mp3, mp3]);
  },
};

/** The damaged picture; unchanged when the fault is for sounds only. */
export const reshapePicture = async (kind: ByteFault, picture: Buffer): Promise<Buffer> =>
  (await ofPictures[kind]?.(picture)) ?? picture;

/** The damaged WAV; unchanged when the fault is for pictures only. */
export const reshapeSound = async (kind: ByteFault, wav: Buffer): Promise<Buffer> =>
  (await ofSounds[kind]?.(wav)) ?? wav;

const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share));

function samplesOf(wav: Buffer): Float32Array {
  const pcm = wav.subarray(wavHeaderBytes);
  return Float32Array.from({ length: pcm.length >> 1 }, (_, n) => pcm.readInt16LE(2 * n) / 32_768);
}
