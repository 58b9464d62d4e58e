import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { leadInSeconds } from "../../contract/film.ts";
import { buildAss } from "../../render-worker/captions/build-ass.ts";
import { writeSpeechWav } from "../../render-worker/media/voice/said-chunk.ts";
import { paintPicture, startRandom } from "./paint-picture.ts";

export const filmSize = { width: 1920, height: 1080 };
export const preview = { width: 640, height: 360 };

/** The inputs of a scene, the same for every way of making it. */
export interface SceneInput {
  picture: string;
  voice: string;
  captions: string;
}

/** The seed gives every scene five seconds. */
export const seedSceneSeconds = 5;
/** Alternating lengths, so that scenes of 144 and 160 frames add up to about the seed's 30 seconds. */
const voiceSeconds = [3.95, 4.45];
const voiceRate = 24_000;
const spoken = "I was flying over a quiet sea, and everyone I knew was waving from the shore below";

/**
 * Writes `count` scenes' pictures (photographs and drawings in turn), narrations and word captions into
 * `folder`, and captions for all of them at the seed's times. The same every time.
 */
export async function makeInputs(
  folder: string,
  count: number,
): Promise<{ scenes: SceneInput[]; seedCaptions: string }> {
  await mkdir(folder, { recursive: true });
  const scenes: SceneInput[] = [];
  const allWords = [];
  for (let scene = 0; scene < count; scene++) {
    const seconds = voiceSeconds[scene % 2] as number;
    const [picture, voice, captions] = [
      `picture-${scene}.png`,
      `voice-${scene}.wav`,
      `captions-${scene}.ass`,
    ].map((name) => join(folder, name)) as [string, string, string];
    await paintPicture(scene % 2 === 0 ? "photograph" : "drawing", scene, picture);
    await writeFile(voice, speak(seconds, scene, spoken));
    const words = timeWords(seconds);
    await writeFile(captions, writeCaptions(words));
    allWords.push(
      ...words.map((word) => ({
        ...word,
        startSeconds: word.startSeconds + scene * seedSceneSeconds,
        endSeconds: word.endSeconds + scene * seedSceneSeconds,
      })),
    );
    scenes.push({ picture, voice, captions });
  }
  const seedCaptions = join(folder, "captions-seed.ass");
  await writeFile(seedCaptions, writeCaptions(allWords));
  return { scenes, seedCaptions };
}

function timeWords(seconds: number) {
  const words = spoken.split(" ");
  const each = seconds / words.length;
  return words.map((text, i) => ({ text, startSeconds: i * each, endSeconds: (i + 1) * each }));
}

const writeCaptions = (words: ReturnType<typeof timeWords>) =>
  buildAss({ words, style: "karaoke", ...filmSize, language: "en", leadInSeconds });

/**
 * A WAV file that resembles a voice: four syllables per second, a changing pitch, harmonics, breath noise. It states
 * that it says `text`.
 */
export function speak(seconds: number, seed: number, text: string): Buffer {
  const random = startRandom(seed + 1000);
  const samples = Math.round(seconds * voiceRate);
  const pcm = Buffer.alloc(samples * 2);
  let phase = 0;
  for (let i = 0; i < samples; i++) {
    const time = i / voiceRate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2 * time)) ** 2;
    phase += (2 * Math.PI * (120 + 30 * Math.sin(2 * time + seed))) / voiceRate;
    let value = (random() - 0.5) * 0.1;
    for (let harmonic = 1; harmonic <= 20; harmonic++) value += Math.sin(harmonic * phase) / harmonic ** 1.2;
    pcm.writeInt16LE(Math.round(value * syllable * 6_000), i * 2);
  }
  return writeSpeechWav(pcm, voiceRate, text);
}
