/** Checks the text model's answer; nothing in it is trusted. */
import { z } from "zod";
import { SceneCamera } from "../../../contract/camera.ts";
import type { FilmOptions } from "../../../contract/film.ts";
import { readLanguage } from "../../../contract/language.ts";
import { limits } from "../../../contract/limits.ts";
import { FocusBox, type Storyboard, storyboardBytes } from "../../../contract/storyboard.ts";
import type { WrittenText } from "../../ai/ai.ts";
import { readMembers, readSceneCast } from "../cast/read-cast.ts";
import { unwrapStoryboard } from "./unwrap-storyboard.ts";

/** The fields that a usable answer has. */
const Answer = z.object({
  title: z.string().catch(""),
  language: z.string().catch(""),
  cast: z.unknown().optional(),
  scenes: z.array(
    z.object({
      narration: z.string(),
      picture: z.string().catch(""),
      focus: z.unknown().optional(),
      cast: z.unknown().optional(),
      camera: SceneCamera.optional().catch(undefined),
    }),
  ),
});

/** `problem` says why the answer cannot be used, as a text for the text model. */
export type Reading = { storyboard: Storyboard } | { problem: string };

/**
 * Reads the storyboard from an answer. Its language is the one asked for, or for "auto" the one that the
 * model names.
 */
export function readStoryboard(
  { text, isCutOff }: Pick<WrittenText, "text" | "isCutOff">,
  asked: FilmOptions["language"],
): Reading {
  const raw = unwrapStoryboard(text);
  if (raw === null) return { problem: explainMissing(text, isCutOff) };
  const parsed = Answer.safeParse(raw);
  if (!parsed.success) return { problem: `It does not match the schema: ${explainIssues(parsed.error)}.` };
  const cast = readMembers(parsed.data.cast);
  const scenes = parsed.data.scenes
    .map((scene) => ({
      narration: oneLine(scene.narration),
      picture: oneLine(scene.picture),
      focus: readFocus(scene.focus),
      shown: readSceneCast(scene.cast, cast),
      camera: scene.camera,
    }))
    .filter(({ narration }) => /[\p{L}\p{N}]/u.test(narration))
    .map(({ narration, picture, focus, shown, camera }) => ({
      narration,
      picture: picture || narration,
      ...firstTake,
      ...(focus && { focus }),
      ...(shown.length > 0 && { cast: shown }),
      ...(camera && { camera }),
    }));
  if (scenes.length === 0) return { problem: "No scene has a narration." };
  const storyboard = {
    title: [...oneLine(parsed.data.title)].slice(0, limits.titleChars).join(""),
    language: asked === "auto" ? (readLanguage(parsed.data.language) ?? "und") : asked,
    ...(cast.length > 0 && { cast }),
    scenes,
  };
  // A larger storyboard does not fit into a progress report.
  if (storyboardBytes(storyboard) > limits.storyboardBytes)
    return { problem: "It was far too long. Write much shorter narrations and picture prompts." };
  return { storyboard };
}

/** A smaller box is no subject, a larger one says nothing. In parts of the picture. */
const focusSides = { least: 0.05, most: 0.98 };

/** The subject's box, or null if the answer has none that can be one. */
function readFocus(value: unknown): FocusBox | null {
  const { data } = FocusBox.safeParse(value);
  if (!data) return null;
  const { x, y, w, h } = data;
  const isSubject = Math.min(w, h) >= focusSides.least && Math.max(w, h) <= focusSides.most;
  return isSubject && x + w <= 1.001 && y + h <= 1.001 ? data : null;
}

const firstTake = { picture_take: 0, voice_take: 0 };

function explainMissing(text: string, isCutOff: boolean): string {
  if (isCutOff) return "It was cut off because it was too long. Think and write much less.";
  if (text.trim() === "") return "It was empty.";
  return "It held no whole JSON object with scenes.";
}

const explainIssues = ({ issues }: z.ZodError) =>
  issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join(".")}: ${message}`)
    .join("; ");

const oneLine = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\s\0]+/gu, " ")
    .trim();
