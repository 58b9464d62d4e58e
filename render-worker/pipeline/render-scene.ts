/** Renders one scene: its segments, small and large, and their pieces of the live stream. */
import { readFile } from "node:fs/promises";
import { looks } from "../media/camera/looks.ts";
import { cameraRecipe } from "../media/camera/plan.ts";
import { encodeFade } from "../media/encode-fade.ts";
import { buildEncoderArgs, encodeSegment, maxBitsPerSecond } from "../media/encode-segment.ts";
import { attachStrip, cutStrip, readStrip, stripRecipe } from "../media/film-strip.ts";
import { grainRecipe } from "../media/grain-plate.ts";
import { framesToSeconds } from "../media/grid.ts";
import { verifySegment } from "../media/verify-segment.ts";
import type { KeptFile } from "../purchases/asset-store.ts";
import type { FilmContext } from "./film-context.ts";
import type { PreparedScene } from "./prepare-scene.ts";
import type { Rendition } from "./rendition.ts";
import { urgency } from "./urgency.ts";

type Quality = "preview" | "film";

export interface RenderedScene extends PreparedScene {
  /** MP4 files without sound, in the preview's and in the film's size. */
  segments: Record<Quality, KeptFile>;
  /** The scene's film strip. */
  strip(): Promise<Buffer>;
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
  streams: Record<Quality, Rendition>,
  context: FilmContext,
): Promise<RenderedScene> {
  const { progress } = context;
  const { index, frames, sound, words } = scene;
  const publish = async (quality: Quality, segment: string) => {
    await Promise.all([scene.stored, earlier?.stored]);
    await streams[quality].publish({ index, segment, sound: sound.path, frames, words });
  };
  const shots = { scene, earlier, closing };

  const small = await segmentOf("preview", shots, context);
  const watchable = publish("preview", small.path);
  const [large, strip] = await Promise.all([
    segmentOf("film", shots, context),
    stripOf(small, index, context),
    watchable,
  ]);
  await publish("film", large.path);
  progress.log({
    type: "scene.ready",
    data: { scene: index, seconds: framesToSeconds(frames), reused: large.reused },
  });
  progress.finished("segment");
  return { ...scene, segments: { preview: small, film: large }, strip };
}

/** What a segment shows. */
interface Shots {
  scene: PreparedScene;
  earlier: PreparedScene | undefined;
  closing: boolean;
}

interface Segment extends KeptFile {
  shape: Record<string, unknown>;
}

const segmentKind = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;

async function segmentOf(quality: Quality, shots: Shots, context: FilmContext): Promise<Segment> {
  const { assets, encoders, filmSize, previewSize, signal } = context;
  const { scene, earlier, closing } = shots;
  const { index, frames, captions } = scene;
  const size = quality === "film" ? filmSize : previewSize;
  const shown = {
    scene: index,
    camera: scene.camera,
    cardFrames: scene.cardFrames,
    look: looks[context.job.options.style],
  };
  const segment = { filmSize: size, ...shown, frames, closing, captions: captions?.path, quality };
  const pictures = [earlier, scene].map(
    (one) => one && [one.pictureKey, one.frames, one.field.focus ?? null, one.camera ?? null],
  );
  const shape = {
    recipe: cameraRecipe,
    encoder: buildEncoderArgs({ ...segment, earlier }),
    maxBitsPerSecond,
    grainRecipe,
    size,
    ...shown,
    closing,
    captions: captions?.text ?? null,
    pictures,
  };
  /** Of all segments that differ in the scene before alone. */
  const afterFade = { ...shape, pictures: pictures[1] };
  const make = async (to: string) => {
    // A picture that was bought anew under the same key may differ from the kept segment's.
    const differs = earlier && !scene.isNewPicture && assets.findMemo(afterFade);
    const [plate, before, similar] = await Promise.all([
      scene.plates[quality](),
      earlier?.plates[quality](),
      differs ? assets.findMade(segmentKind, differs) : null,
    ]);
    const fading = earlier && { frames: earlier.frames, camera: earlier.camera };
    const plates = { plate, earlier: fading && before && { ...fading, plate: before } };
    const encode = async () => {
      const strip = quality === "preview" ? `${to}.strip` : undefined;
      const whole = { ...segment, ...plates, to, strip };
      const isFaded = similar !== null && (await encodeFade(whole, similar, signal));
      if (!isFaded) await encodeSegment(whole, signal);
      await verifySegment(to, segment);
      if (strip) await attachStrip(to, strip);
    };
    await encoders.run(signal, encode, quality === "preview" ? urgency.scene(index) : urgency.film(index));
  };
  const isNew = scene.isNewPicture || earlier?.isNewPicture === true;
  const kept = await assets.getOrMake(segmentKind, shape, make, isNew);
  if (kept.reused) context.metrics.assetReused("segment");
  if (earlier) assets.keepMemo(afterFade, kept.fingerprint);
  return { ...kept, shape };
}

const stripKind = { capability: "strip", extension: "yuv", contentType: "application/octet-stream" } as const;

/**
 * The scene's film strip. A preview of an older worker has none attached: it is kept beside it, or cut anew.
 */
async function stripOf(
  { path, shape }: Segment,
  index: number,
  { assets, encoders, previewSize, signal }: FilmContext,
): Promise<() => Promise<Buffer>> {
  if (await readStrip(path)) return async () => (await readStrip(path)) as Buffer;
  const cut = (to: string) =>
    encoders.run(signal, () => cutStrip(path, previewSize, to, signal), urgency.film(index));
  const kept = await assets.getOrMake(stripKind, { stripRecipe, ...shape }, cut);
  return () => readFile(kept.path);
}
