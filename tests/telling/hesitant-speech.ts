/**
 * A recording as people make them: a reader's sentences with known word times, breaths and an "um" between
 * them, a long pause, and the noise of a room.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { speakTruth, truths } from "../captions/speak-truth.ts";
import { seeded } from "../seeded.ts";

export interface HesitantSpeech {
  /** Mono, 16-bit WAV. */
  wav: Buffer;
  pcm: Float32Array;
  sampleRate: number;
  /** What is said, without "um". */
  text: string;
  /** The seconds at which the words of `text` begin. */
  starts: number[];
  seconds: number;
}

const rate = 16_000;
/** Sentences of tests/captions/human, breaths, sounds of hesitation, and silence of so many seconds. */
export type Piece = { sentence: string } | { um: string } | "breath" | number;

/** Two breaths, two "um"s and a pause of 3.4 s in 12 s. */
export const briefHesitation: readonly Piece[] = [
  ...([0.7, "breath", { sentence: "sense-and-sensibility-0880" }, 0.2, { um: "um" }, 3.4, "breath"] as const),
  ...([0.2, { sentence: "sense-and-sensibility-0890" }, 0.3, { um: "um" }, 0.6] as const),
];

/** The recording for which the aligner was adjusted: 3.4 s of silence, two breaths, three "um"s. */
export const hesitation: readonly Piece[] = [
  ...([0.7, "breath", { sentence: "sense-and-sensibility-0880" }, 0.2, { um: "um" }, 0.3] as const),
  ...([{ sentence: "sense-and-sensibility-0890" }, 3.4, "breath", { um: "uhm" }, 0.25] as const),
  ...([{ sentence: "sense-and-sensibility-0870" }, 0.3, { um: "um" }, 0.6] as const),
];

/** Puts the pieces together. The same pieces give the same samples. */
export async function speakHesitantly(pieces: readonly Piece[]): Promise<HesitantSpeech> {
  const random = seeded(7);
  const sounds: Float32Array[] = [];
  const [texts, starts]: [string[], number[]] = [[], []];
  let at = 0;
  for (const piece of pieces) {
    let sound: Float32Array;
    if (typeof piece === "number") sound = new Float32Array(Math.round(piece * rate));
    else if (piece === "breath") sound = breathe(random);
    else if ("um" in piece) sound = await say(piece.um);
    else {
      const truth = truths.find(({ voice }) => voice === piece.sentence);
      if (!truth) throw new Error(`there is no recording ${piece.sentence}`);
      sound = (await speakTruth(truth)).pcm;
      texts.push(truth.text);
      starts.push(...truth.starts.map(([, ms]) => at / rate + ms / 1000));
    }
    sounds.push(sound);
    at += sound.length;
  }
  const pcm = new Float32Array(at);
  let from = 0;
  for (const sound of sounds) {
    pcm.set(sound, from);
    from += sound.length;
  }
  for (let i = 0; i < at; i++) pcm[i] = (pcm[i] as number) + 0.0004 * (2 * random() - 1);
  return { pcm, wav: toWav(pcm, rate), sampleRate: rate, text: texts.join(" "), starts, seconds: at / rate };
}

/** 0.35 s of hiss that swells and falls, as loud as a breath near a microphone. */
function breathe(random: () => number): Float32Array {
  const length = Math.round(0.35 * rate);
  let low = 0;
  return Float32Array.from({ length }, (_, i) => {
    low += 0.35 * (2 * random() - 1 - low);
    return 0.05 * low * Math.sin((Math.PI * i) / length);
  });
}

const run = promisify(execFile);

async function say(um: string): Promise<Float32Array> {
  const spoken = run("espeak-ng", ["-v", "en-us", "-s", "120", "--stdout", um], { encoding: "buffer" });
  const { stdout } = await spoken;
  const wavRate = stdout.readUInt32LE(24);
  const samples = new Int16Array(
    stdout.buffer.slice(stdout.byteOffset + 44, stdout.byteOffset + (stdout.length & ~1)),
  );
  const sound = Float32Array.from({ length: Math.floor((samples.length * rate) / wavRate) }, (_, i) => {
    return (samples[Math.floor((i * wavRate) / rate)] as number) / 32_768;
  });
  const first = sound.findIndex((sample) => Math.abs(sample) > 0.01);
  const last = sound.findLastIndex((sample) => Math.abs(sample) > 0.01);
  return sound.slice(first, last + 1).map((sample) => sample * 0.5);
}

/** A WAV of mono 16-bit samples. */
export function toWav(pcm: Float32Array, rate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + 2 * pcm.length, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(2 * rate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(2 * pcm.length, 40);
  const samples = Int16Array.from(pcm, (sample) => Math.max(-1, Math.min(1, sample)) * 32_767);
  return Buffer.concat([header, new Uint8Array(samples.buffer)]);
}
