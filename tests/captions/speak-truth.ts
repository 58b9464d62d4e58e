/**
 * Sentences with known word times: spoken again by the engines that reported the times (make-truth.py), or
 * recordings of people (human/README.md).
 */
import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Recording } from "../../render-worker/captions/align/extract-features.ts";

export interface Truth {
  engine: "flite" | "espeak-ng" | "human";
  /** For a person: the recording's name. */
  voice: string;
  language: string;
  /** The sound model was fitted on one part. The others are for measurements; one has numbers in digits. */
  use: "fit" | "measure" | "numbers";
  text: string;
  /** For each word: its position in the text, and its start in ms. */
  starts: [place: number, startMs: number][];
}

export const truths: readonly Truth[] = ["./truth.jsonl", "./human/words.jsonl"].flatMap((file) =>
  readFileSync(new URL(file, import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)),
);

/** The speech engines of this machine. flite is a part of ffmpeg. */
export const engines = {
  flite: succeeds(() => execFileSync("ffmpeg", ["-v", "error", "-h", "filter=flite"]).includes("voice")),
  human: true,
  "espeak-ng": succeeds(() => execFileSync("espeak-ng", ["--version"]).length > 0),
};

function succeeds(probe: () => boolean): boolean {
  try {
    return probe();
  } catch {
    return false;
  }
}

const run = promisify(execFile);
const maxBuffer = 64 << 20;

/** The sentence as the engine speaks it, the same on every machine with that engine. */
export async function speakTruth(truth: Truth): Promise<Recording> {
  const { engine, voice, text } = truth;
  if (engine === "human") return (await readPeople([truth]))[0] as Recording;
  if (engine === "espeak-ng") {
    const args = ["-v", voice, "--stdout", text];
    const { stdout } = await run("espeak-ng", args, { encoding: "buffer", maxBuffer });
    return { pcm: toFloats(stdout.subarray(44)), sampleRate: stdout.readUInt32LE(24) };
  }
  return inFolder(async (folder) => {
    await writeFile(join(folder, "text"), text);
    const source = ["-f", "lavfi", "-i", `flite=textfile=text:voice=${voice}`];
    await run("ffmpeg", ["-v", "error", ...source, "-ac", "1", "-f", "s16le", "pcm"], { cwd: folder });
    const sampleRate = voice === "kal" ? 8000 : 16_000;
    return { pcm: toFloats(await readFile(join(folder, "pcm"))), sampleRate };
  });
}

/** Recordings of people. ffmpeg, whose start takes longer than to decode one, starts once for all. */
export const readPeople = (list: readonly Truth[]): Promise<Recording[]> =>
  inFolder(async (folder) => {
    const files = list.map(({ voice }) => fileURLToPath(new URL(`./human/${voice}.flac`, import.meta.url)));
    const outputs = list.flatMap((_, i) => [
      ...["-map", String(i), "-ac", "1", "-ar", "16000", "-f", "s16le", `pcm-${i}`],
    ]);
    const inputs = files.flatMap((file) => ["-i", file]);
    await run("ffmpeg", ["-v", "error", "-nostdin", ...inputs, ...outputs], { cwd: folder });
    const pcm = await Promise.all(list.map((_, i) => readFile(join(folder, `pcm-${i}`))));
    return pcm.map((bytes) => ({ pcm: toFloats(bytes), sampleRate: 16_000 }));
  });

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-speak-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toFloats(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(2 * i) / 32_768);
}
