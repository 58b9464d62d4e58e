import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { leadInSeconds } from "../../contract/film.ts";
import { buildAss } from "../../render-worker/captions/build-ass.ts";
import { paintPicture } from "./paint-picture.ts";
import { speak } from "./speak.ts";

export const filmSize = { width: 1920, height: 1080 };

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
