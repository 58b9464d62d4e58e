import { z } from "zod";
import { detectLanguage } from "../text/detect-language.ts";
import { describePictures } from "./describe-picture.ts";
import { shareOut } from "./share-out.ts";

const Task = z.object({
  title: z.string().nullish(),
  transcript: z.string().min(1),
  language: z.string().nullish(),
  style: z.string().nullish(),
  length_seconds: z.number().nullish(),
  scenes: z.number().nullish(),
  words: z.number().nullish(),
});
export type Task = z.infer<typeof Task>;

export interface Storyboard {
  title: string;
  language: string;
  scenes: { narration: string; picture: string }[];
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
 * The dream in its own sentences, shared out over the scenes asked for, and a picture to each.
 * Fewer scenes where the dream has not enough to say; never a word that the dream does not have.
 */
export function tellStoryboard(task: Task): Storyboard {
  const sceneCount = Math.max(1, Math.round(task.scenes ?? 6));
  const words = Math.max(sceneCount, Math.round(task.words ?? (task.length_seconds ?? 30) * 2.4));
  const narrations = shareOut(task.transcript, sceneCount, words);
  const language = chooseLanguage(task.language, task.transcript);
  const pictures = describePictures(narrations, task.style || "dreamlike", task.transcript);
  return {
    title: task.title?.trim() || titleOf(narrations[0] ?? "A dream"),
    language,
    scenes: narrations.map((narration, index) => ({ narration, picture: pictures[index] ?? narration })),
  };
}

/** We cannot translate, so the text's own language counts; a more exact tag of the same language is kept. */
function chooseLanguage(asked: string | null | undefined, transcript: string): string {
  const found = detectLanguage(transcript);
  return asked?.split("-")[0] === found ? asked : found;
}

function titleOf(narration: string): string {
  const words = narration.replace(/[.,;:!?。，、！？]+$/u, "").split(/\s+/u);
  return words.length > 1 ? words.slice(0, 6).join(" ") : [...narration].slice(0, 12).join("");
}
