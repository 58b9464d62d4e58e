/** Renders one scene: its segment, small and large. */
import { cameraRecipe, type Size } from "../media/camera/plan.ts";
import { buildEncoderArgs, encodeSegment, maxBitsPerSecond, x264Dark } from "../media/encode-segment.ts";
import { framesToSeconds } from "../media/grid.ts";
import { verifySegment } from "../media/verify-segment.ts";
import type { FilmContext } from "./film-context.ts";
import type { Rendition } from "./live-stream.ts";
import type { PreparedScene } from "./prepare-scene.ts";
import { urgency } from "./urgency.ts";

export interface RenderedScene extends PreparedScene {
  /** MP4 files without sound, in the preview's and in the film's size. */
  segments: { preview: string; film: string };
}

/**
 * Encodes the scene's segments, unless they are kept in R2, and publishes them to the live stream. Resolves
 * when the scene can be played in both sizes.
 *
 * @param earlier the scene before, whose picture fades out at the start of this one
 * @param closing the film's last scene, which fades to black
 * @throws Transient, or the signal's reason
 */
export async function renderScene(
  scene: PreparedScene,
  earlier: PreparedScene | undefined,
  closing: boolean,
  streams: { preview: Rendition; film: Rendition },
  context: FilmContext,
): Promise<RenderedScene> {
  const { filmSize, previewSize, encoders, progress, signal } = context;
  const { index, frames, captions, sound, words } = scene;
  const publish = (rendition: Rendition, segment: string) =>
    rendition.publish({ index, segment, sound, frames, words });

  const small = await segmentOf("preview", previewSize);
  const watchable = publish(streams.preview, small.path);
  const [large] = await Promise.all([segmentOf("film", filmSize), watchable]);
  await publish(streams.film, large.path);
  progress.log({
    type: "scene.ready",
    data: { scene: index, seconds: framesToSeconds(frames), reused: large.reused },
  });
  progress.finished("segment");
  return { ...scene, segments: { preview: small.path, film: large.path } };

  async function segmentOf(quality: "preview" | "film", size: Size) {
    const segment = { filmSize: size, scene: index, frames, closing, captions: captions?.path, quality };
    const shape = {
      recipe: cameraRecipe,
      encoder: buildEncoderArgs(segment),
      maxBitsPerSecond,
      x264Dark,
      size,
      scene: index,
      closing,
      captions: captions?.text ?? null,
      pictures: [earlier, scene].map((one) => one && [one.pictureKey, one.frames, one.field.focus ?? null]),
    };
    const kept = await context.assets.getOrMake(segmentKind, shape, async (to) => {
      const [plate, before] = await Promise.all([scene.plates[quality](), earlier?.plates[quality]()]);
      const plates = { plate, earlier: earlier && before && { plate: before, frames: earlier.frames } };
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

const segmentKind = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;
