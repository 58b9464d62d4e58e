import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { leadInSeconds } from "../../contract/film.ts";
import type { FocusBox } from "../../contract/storyboard.ts";
import { buildAss, type TitleCard } from "../captions/build-ass.ts";
import { findMissingGlyphs } from "../captions/fonts/find-missing-glyphs.ts";
import { joinWords, type TimedWord } from "../captions/timed-word.ts";
import { blackFrames, cardFrames, closingFadeFrames, framesToSeconds } from "../media/grid.ts";
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
    /** The text of the end card, and when the picture is black under it. */
    endCard: { text: string; seenFrames: number } | null;
    language: string;
    /** Where the subject is seen, in parts of the film's size. */
    subject: FocusBox | null;
    /** How much attracts the eye in each of the equal bands of the frame, from the top. */
    busy: readonly number[];
  },
  { folder, filmSize, job, progress }: FilmContext,
): Promise<CaptionFile | null> {
  const { index, words, title, endCard, language, subject, busy } = scene;
  const style = job.options.captions;
  if (style === "none" && title === null && endCard === null) return null;
  const texts = joinWords(words) + (title ?? "") + (endCard?.text ?? "");
  const undrawable = new Set(await findMissingGlyphs(texts));
  if (undrawable.size > 0) progress.warn("captions.no_font", undrawableMessage(undrawable.size), index);
  const path = join(folder, `captions-${index}.ass`);
  const card = endCard && timeCard(endCard);
  // In a film of one short scene the end card comes before the title's usual time is over.
  const titleEnd = Math.min(titleEndSeconds, card?.startSeconds ?? titleEndSeconds);
  const text = buildAss({
    words: style === "none" ? [] : words,
    style: style === "none" ? "sentence" : style,
    ...filmSize,
    language,
    subject,
    busy,
    undrawable,
    leadInSeconds,
    ...(title === null
      ? {}
      : { title: { text: title, startSeconds: titleStartSeconds, endSeconds: titleEnd } }),
    ...(card === null ? {} : { endCard: card }),
  });
  await writeFile(path, text);
  return { path, text };
}

/** The title card's usual time, in seconds from the film's start. */
const [titleStartSeconds, titleEndSeconds] = [0.4, 3.2];

/** The card comes while the picture fades, and goes before the film's last frames, which are black. */
function timeCard({ text, seenFrames }: { text: string; seenFrames: number }): TitleCard {
  const startSeconds = framesToSeconds(seenFrames - blackFrames - closingFadeFrames / 2);
  return { text, startSeconds, endSeconds: framesToSeconds(seenFrames + cardFrames - blackFrames) };
}

const undrawableMessage = (count: number) =>
  `${count} ${count === 1 ? "character is" : "characters are"} left out of the captions, because no font has ${count === 1 ? "it" : "them"}.`;
