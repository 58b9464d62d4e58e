import { z } from "zod";
import { detectLanguage } from "../text/detect-language.ts";
import { type Camera, chooseCameras } from "./choose-camera.ts";
import { describeDreamer } from "./describe-dreamer.ts";
import { composePicture, describePictures } from "./describe-picture.ts";
import { type CastMember, nameCast } from "./name-cast.ts";
import { nameDream } from "./name-dream.ts";
import { type Budget, inCharacters, inSyllables, inWords, shareOut } from "./share-out.ts";

const Task = z.object({
  title: z.string().nullish(),
  transcript: z.string().min(1),
  language: z.string().nullish(),
  style: z.string().nullish(),
  aspect: z.string().nullish(),
  length_seconds: z.number().nullish(),
  scenes: z.number().nullish(),
  syllables: z.number().nullish(),
  words: z.number().nullish(),
  characters: z.number().nullish(),
  quote: z.boolean().nullish(),
});
export type Task = z.infer<typeof Task>;

export interface Storyboard {
  title: string;
  language: string;
  /** If it was asked for, and so each scene's. */
  cast?: CastMember[];
  scenes: {
    narration: string;
    picture: string;
    focus: { x: number; y: number; w: number; h: number };
    cast?: string[];
    camera: Camera;
  }[];
}

/** The task in a user message that is JSON, or null. */
export function readTask(message: string): Task | null {
  try {
    return Task.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}

/**
 * Divides the dream's own sentences over the requested scenes, with a picture for each. A short dream gives
 * fewer scenes. Narrations contain no word that the dream does not have.
 */
export function writeStoryboard(task: Task, hasCast = false): Storyboard {
  const sceneCount = Math.max(1, Math.round(task.scenes ?? 6));
  const language = chooseLanguage(task.language, task.transcript);
  const narrations = shareOut(task.transcript, sceneCount, budgetOf(task, language, sceneCount));
  const pictures = describePictures(narrations, {
    style: task.style || "dreamlike",
    film: task.transcript,
    aspect: task.aspect,
  });
  const cast = hasCast ? nameCast(narrations, task.transcript, describeDreamer(task.transcript)) : null;
  const cameras = chooseCameras(narrations);
  return {
    title: task.title?.trim() || nameDream(narrations[0] ?? "A dream"),
    language,
    ...(cast && { cast: cast.members }),
    scenes: narrations.map((narration, index) => ({
      narration,
      picture: pictures[index] ?? narration,
      focus: composePicture(task.aspect, index === 0).focus,
      ...(cast && { cast: cast.ofScenes[index] ?? [] }),
      camera: cameras[index] as Camera,
    })),
  };
}

const spaceless = new Set(["zh", "ja", "th"]);

function budgetOf(task: Task, language: string, sceneCount: number): Budget {
  if (task.quote) return inSyllables(Number.POSITIVE_INFINITY);
  if (task.syllables) return inSyllables(Math.max(sceneCount * 3, task.syllables));
  const seconds = task.length_seconds ?? 30;
  if (spaceless.has(language.split("-")[0] ?? "")) {
    return inCharacters(Math.max(sceneCount * 4, task.characters ?? seconds * 4));
  }
  return inWords(Math.max(sceneCount * 2, task.words ?? seconds * 2.4));
}

/**
 * The simulator cannot translate, so the text's own language counts; a more exact tag of the same language is
 * kept.
 */
function chooseLanguage(asked: string | null | undefined, transcript: string): string {
  const found = detectLanguage(transcript);
  return asked?.split("-")[0] === found ? asked : found;
}
