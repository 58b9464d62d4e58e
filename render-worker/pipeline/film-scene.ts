/** One scene of the film: its sound, and its pictures as a segment that follows the one before, small and large. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { leadInSeconds } from "../../contract/film.ts";
import { buildAss } from "../captions/build-ass.ts";
import { findMissingGlyphs } from "../captions/fonts/find-missing-glyphs.ts";
import { joinWords } from "../captions/timed-word.ts";
import { cameraRecipe, type Size } from "../media/camera/plan.ts";
import { encodeSceneSound, soundRecipe } from "../media/encode-scene-sound.ts";
import { buildEncoderArgs, encodeSegment } from "../media/encode-segment.ts";
import { framesToSeconds } from "../media/grid.ts";
import { verifySegment } from "../media/verify-segment.ts";
import type { FilmContext } from "./film-context.ts";
import type { Rendition } from "./live-stream.ts";
import type { PreparedScene } from "./prepare-scene.ts";
import { urgency } from "./urgency.ts";

export interface FilmedScene extends PreparedScene {
  /** MP4, pictures only, of the preview's and of the film's size. */
  segments: { preview: string; film: string };
  /** ADTS, exactly as long as the segments. */
  sound: string;
}

/**
 * Encodes the scene, unless its segments were kept, and publishes it to the live stream. `earlier` is the scene whose
 * picture fades out over this one's head. Resolves when the scene can be watched in both sizes.
 */
export async function filmScene(
  scene: PreparedScene,
  earlier: PreparedScene | undefined,
  closing: boolean,
  streams: { preview: Rendition; film: Rendition },
  context: FilmContext,
): Promise<FilmedScene> {
  const { film, preview, encoders, progress, signal } = context;
  const { index, frames } = scene;
  const captions = await writeCaptions(scene, context);
  const { path: sound } = await context.assets.keep(
    soundKind,
    { recipe: soundRecipe, voice: scene.voiceKey, frames },
    (to) =>
      encoders.run(signal, () => encodeSceneSound(scene.voice, frames, to, signal), urgency.scene(index)),
  );
  const publish = (rendition: Rendition, segment: string) =>
    rendition.publish({ index, segment, sound, frames });

  const small = await segmentOf("preview", preview);
  const watchable = publish(streams.preview, small.path);
  const [large] = await Promise.all([segmentOf("film", film), watchable]);
  await publish(streams.film, large.path);
  progress.log({
    type: "scene.ready",
    data: { scene: index, seconds: framesToSeconds(frames), reused: large.reused },
  });
  progress.finished("segment");
  return { ...scene, sound, segments: { preview: small.path, film: large.path } };

  async function segmentOf(quality: "preview" | "film", size: Size) {
    const segment = { film: size, scene: index, frames, closing, captions: captions?.path, quality };
    const shape = {
      recipe: cameraRecipe,
      encoder: buildEncoderArgs(segment),
      size,
      scene: index,
      closing,
      captions: captions?.text ?? null,
      pictures: [earlier, scene].map((one) => one && [one.pictureKey, one.frames]),
    };
    const kept = await context.assets.keep(segmentKind, shape, async (to) => {
      const [own, before] = await Promise.all([scene.plates(), earlier?.plates()]);
      const plates = {
        plate: own[quality],
        earlier: earlier && before && { plate: before[quality], frames: earlier.frames },
      };
      await encoders.run(
        signal,
        async () => {
          await encodeSegment({ ...segment, ...plates, to }, signal);
          await verifySegment(to, segment, signal);
        },
        quality === "preview" ? urgency.scene(index) : urgency.film(index),
      );
    });
    if (kept.reused) context.metrics.assetReused("segment");
    return kept;
  }
}

const soundKind = { capability: "sound", extension: "aac", contentType: "audio/aac" } as const;
const segmentKind = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;

/** The subtitle file to burn in, or nothing where none is wanted. */
async function writeCaptions(scene: PreparedScene, { folder, film, job, progress }: FilmContext) {
  const style = job.options.captions;
  if (style === "none" && scene.title === null) return null;
  const undrawable = new Set(await findMissingGlyphs(joinWords(scene.words) + (scene.title ?? "")));
  if (undrawable.size > 0) progress.warn("captions.no_font", undrawableMessage(undrawable.size), scene.index);
  const path = join(folder, `captions-${scene.index}.ass`);
  const text = buildAss({
    words: style === "none" ? [] : scene.words,
    style: style === "none" ? "sentence" : style,
    ...film,
    language: scene.language,
    undrawable,
    leadInSeconds,
    ...(scene.title === null ? {} : { title: { text: scene.title, startSeconds: 0.4, endSeconds: 3.2 } }),
  });
  await writeFile(path, text);
  return { path, text };
}

const undrawableMessage = (count: number) =>
  `${count} ${count === 1 ? "character has" : "characters have"} no font and ${count === 1 ? "is" : "are"} left out of the captions.`;
