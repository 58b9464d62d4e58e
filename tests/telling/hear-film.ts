/** What a film sounds like, and when its captions show each word. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { parseLoudness } from "../../render-worker/media/loudness.ts";
import type { HesitantSpeech } from "./hesitant-speech.ts";

const run = promisify(execFile);
const rate = 4_000;

export interface ShownWord {
  text: string;
  startSeconds: number;
}

/** The words of a WebVTT file with their times. */
export function readVttWords(vtt: string): ShownWord[] {
  return vtt.split("\n\n").flatMap((block) => {
    const [, start, text] = /^([\d:.]+) --> .*\n([\s\S]+)/m.exec(block) ?? [];
    if (start === undefined || text === undefined) return [];
    return text
      .trim()
      .split(/\s+/)
      .map((word) => ({
        text: word.replace(/<[\d:.]+>/g, ""),
        startSeconds: seconds(/<([\d:.]+)>/.exec(word)?.[1] ?? start),
      }));
  });
}

const seconds = (clock: string) => clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

/** The film's loudness, and its sound as mono samples at `rate`. */
export async function hearFilm(file: string) {
  const input = ["-hide_banner", "-nostdin", "-i", file, "-vn"];
  const report = await run("ffmpeg", [
    ...input,
    "-af",
    "ebur128=peak=true:framelog=verbose",
    "-f",
    "null",
    "-",
  ]);
  return { ...parseLoudness(report.stderr), pcm: await decode(input) };
}

/**
 * By how many ms each word is shown after it is heard. Where a word is heard is found by its sound: the
 * recording around the word's known start, searched in the film.
 */
export async function measureShown(
  words: readonly ShownWord[],
  film: Float32Array,
  speech: HesitantSpeech,
): Promise<number[]> {
  const source = resample(speech);
  return words.map(({ startSeconds }, i) => {
    const from = Math.round((speech.starts[i] as number) * rate);
    const snippet = source.subarray(Math.max(0, from - rate / 10), from + rate / 2);
    const guess = Math.round(startSeconds * rate) - Math.min(from, rate / 10);
    return (1000 * (guess - findSound(snippet, film, guess))) / rate;
  });
}

/** The place in the film, within a second of `guess`, that is most like the snippet. */
function findSound(snippet: Float32Array, film: Float32Array, guess: number): number {
  let best = { at: guess, likeness: Number.NEGATIVE_INFINITY };
  for (let at = Math.max(0, guess - rate); at <= guess + rate; at++) {
    let [both, energy] = [0, 1e-9];
    for (let i = 0; i < snippet.length; i++) {
      const sample = film[at + i] ?? 0;
      both += (snippet[i] as number) * sample;
      energy += sample * sample;
    }
    const likeness = both / Math.sqrt(energy);
    if (likeness > best.likeness) best = { at, likeness };
  }
  return best.at;
}

/** Averages neighbours: good enough below 2 kHz. */
function resample({ pcm, sampleRate }: HesitantSpeech): Float32Array {
  const step = sampleRate / rate;
  return Float32Array.from({ length: Math.floor(pcm.length / step) }, (_, i) => {
    const part = pcm.subarray(i * step, (i + 1) * step);
    return part.reduce((sum, sample) => sum + sample, 0) / part.length;
  });
}

async function decode(input: readonly string[]): Promise<Float32Array> {
  const args = [...input, "-ac", "1", "-ar", String(rate), "-f", "s16le", "-"];
  const { stdout } = await run("ffmpeg", args, { encoding: "buffer", maxBuffer: 64 << 20 });
  return Float32Array.from({ length: stdout.length >> 1 }, (_, i) => stdout.readInt16LE(2 * i) / 32_768);
}
