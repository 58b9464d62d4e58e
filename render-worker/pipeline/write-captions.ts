import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { leadInSeconds } from "../../contract/film.ts";
import type { FocusBox } from "../../contract/storyboard.ts";
import { buildAss } from "../captions/build-ass.ts";
import { findMissingGlyphs } from "../captions/fonts/find-missing-glyphs.ts";
import { joinWords, type TimedWord } from "../captions/timed-word.ts";
import type { FilmContext } from "./film-context.ts";

export interface CaptionFile {
  path: string;
  text: string;
}

/**
 * Writes the subtitle file that is burnt into a scene. Null if the scene has neither captions nor a title.
 * Warns about characters that no installed font has.
 */
export async function writeCaptions(
  scene: {
    index: number;
    words: TimedWord[];
    title: string | null;
    language: string;
    /** Where the subject is seen, in parts of the film's size. */
    subject: FocusBox | null;
    /** How much attracts the eye in each of the equal bands of the frame, from the top. */
    busy: readonly number[];
  },
  { folder, filmSize, job, progress }: FilmContext,
): Promise<CaptionFile | null> {
  const { index, words, title, language, subject, busy } = scene;
  const style = job.options.captions;
  if (style === "none" && title === null) return null;
  const undrawable = new Set(await findMissingGlyphs(joinWords(words) + (title ?? "")));
  if (undrawable.size > 0) progress.warn("captions.no_font", undrawableMessage(undrawable.size), index);
  const path = join(folder, `captions-${index}.ass`);
  const text = buildAss({
    words: style === "none" ? [] : words,
    style: style === "none" ? "sentence" : style,
    ...filmSize,
    language,
    subject,
    busy,
    undrawable,
    leadInSeconds,
    ...(title === null ? {} : { title: { text: title, startSeconds: 0.4, endSeconds: 3.2 } }),
  });
  await writeFile(path, text);
  return { path, text };
}

const undrawableMessage = (count: number) =>
  `${count} ${count === 1 ? "character is" : "characters are"} left out of the captions, because no font has ${count === 1 ? "it" : "them"}.`;
