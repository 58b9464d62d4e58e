/**
 * The end of a film: its files are made from its scenes and published.
 *
 *   the same film is there ─ yes ─▶ copied within the store
 *       └─ no ─▶ film:    join ─▶ sign ─▶ verify ∥ upload ∥ hash
 *                preview: join ─▶ sign ─▶ upload
 *                sprite sheet:    draw ─▶ upload
 *
 * Nothing links to an uploaded file before the edge has stored the job's completion, so a film that turns out
 * to be incomplete is uploaded and never seen.
 */
import { leadInSeconds } from "../../contract/film.ts";
import { type FilmFile, filmKey } from "../../contract/storage.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { buildVtt } from "../captions/build-vtt.ts";
import type { Origin } from "../credentials/describe-media.ts";
import { allOrNone } from "../flow/all-or-none.ts";
import { framesToSeconds } from "../media/grid.ts";
import { joinFilm } from "../media/join-film.ts";
import {
  buildSpriteSheetVtt,
  makeSpriteSheet,
  planSpriteSheet,
  type SpriteSheetPlan,
} from "../media/make-sprite-sheet.ts";
import { verifyFilm } from "../media/verify-film.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { FilmContext } from "./film-context.ts";
import { originOf } from "./mark-film.ts";
import type { RenderedScene } from "./render-scene.ts";
import { hashFile, openSameFilm, type PublishedFilm } from "./same-film.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { urgency } from "./urgency.ts";

const vttType = "text/vtt; charset=utf-8";

/**
 * Publishes the film with its preview and sprite sheet (storyboard.jpg and .vtt), which are copied from an
 * earlier film of the same parts if there is one, and its captions. When it throws, none of its work is
 * still running.
 *
 * @param failed is aborted by the first failure, and ends the rest
 * @throws Transient if the film is not as expected or the store is away, or the signal's reason
 */
export async function publishFilm(
  { title, language, scenes: told }: Pick<Storyboard, "title" | "language" | "scenes">,
  scenes: readonly RenderedScene[],
  context: FilmContext,
  stopwatch: Stopwatch,
  failed: AbortController,
) {
  const { marks, previewSize, progress, signal, storage } = context;
  progress.enter("film");
  const titled = scenes.map((scene) => ({
    ...scene,
    title: told[scene.index]?.narration.slice(0, 80) ?? "",
  }));
  const film: Film = { title, language, scenes: titled, origin: originOf(scenes, context) };
  const frames = scenes.reduce((sum, scene) => sum + scene.frames, 0);
  const sheet = planSpriteSheet(previewSize, framesToSeconds(frames));
  const texts = Promise.all([
    storage.put(
      keyOf("storyboard.vtt", context),
      buildSpriteSheetVtt(sheet, "storyboard.jpg"),
      vttType,
      signal,
    ),
    storage.put(keyOf("captions.vtt", context), buildVtt(placeWords(scenes)), vttType, signal),
  ]);
  const onMade = () => {
    stopwatch.lap("film");
    progress.enter("publish");
  };
  const same = openSameFilm(film, context);
  const published = same.copy().then((copied) => {
    if (copied === null) return compose(film, sheet, frames, onMade, context, failed);
    onMade();
    return copied;
  });
  await allOrNone([texts, published], failed);
  const done = await published;
  failpoint("film.uploaded");
  if (marks.areComplete) same.remember(done);
  progress.log({ type: "film.preview", data: { seconds: done.durationSeconds } });
  stopwatch.lap("publish");
  return { ...done, fields: { content_credentials: marks.areComplete } };
}

interface Film {
  title: string;
  language: string;
  /** `title`: of the scene's chapter. */
  scenes: readonly (RenderedScene & { title: string })[];
  origin: Origin;
}

/**
 * Joins, signs, verifies and uploads the film and its preview, and draws and uploads its sprite sheet.
 *
 * @throws Transient if the film is not as expected, or the signal's reason
 */
async function compose(
  { title, language, scenes, origin }: Film,
  sheet: SpriteSheetPlan,
  frames: number,
  onMade: () => void,
  context: FilmContext,
  failed: AbortController,
): Promise<PublishedFilm> {
  const { encoders, filmSize, folder, marks, signal, storage } = context;
  const inSlot = <T>(work: () => Promise<T>) => encoders.run(signal, work, urgency.joining);
  const make = async (quality: "film" | "preview") => {
    const to = `${folder}/${quality}.mp4`;
    const parts = scenes.map((scene) => ({
      pictures: scene.segments[quality].path,
      sound: scene.sound.path,
      frames: scene.frames,
      title: scene.title,
    }));
    await joinFilm(parts, { title, language, to }, signal);
    // Signed last: a change of any byte after this would break the signature.
    return marks.mark(quality, origin, to);
  };
  const upload = (file: FilmFile, path: string, type: string) =>
    storage.putFile(keyOf(file, context), path, type, signal);

  const film = make("film").then(async (path) => {
    onMade();
    failpoint("film.before_upload");
    const verified = inSlot(() => verifyFilm(path, { filmSize, frames }, signal));
    const sha256 = hashFile(path);
    await allOrNone([verified, sha256, upload("film.mp4", path, "video/mp4")], failed);
    const { durationSeconds, sizeBytes } = await verified;
    return { durationSeconds, sizeBytes, sha256: await sha256 };
  });
  const preview = make("preview").then((path) => upload("preview.mp4", path, "video/mp4"));
  const sprites = `${folder}/storyboard.jpg`;
  const drawn = inSlot(() => makeSpriteSheet(scenes, sheet, sprites, signal));
  const shown = drawn.then(() => upload("storyboard.jpg", sprites, "image/jpeg"));
  await allOrNone([film, preview, shown], failed);
  return film;
}

const keyOf = (file: FilmFile, { job }: FilmContext) => filmKey(job.dream_id, job.job_id, job.attempt, file);

function placeWords(scenes: readonly RenderedScene[]) {
  let startFrame = 0;
  return scenes.map(({ words, frames }) => {
    const startSeconds = framesToSeconds(startFrame) + leadInSeconds;
    startFrame += frames;
    return { words, startSeconds };
  });
}
