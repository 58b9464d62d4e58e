/**
 * Makes one scene. Its voice comes first (prepareVoice), because other scenes need it too; then its picture,
 * sound and captions (prepareScene); last its segment, small and large (renderScene).
 */
import { rename } from "node:fs/promises";
import { tempoOf } from "../../contract/breath.ts";
import type { SceneCamera } from "../../contract/camera.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { findBusy, findSubject } from "../media/camera/frame-picture.ts";
import { looks } from "../media/camera/looks.ts";
import { cameraRecipe, type Field, planCamera, type Size } from "../media/camera/plan.ts";
import { buildEncoderArgs, encodeSegment, maxBitsPerSecond } from "../media/encode-segment.ts";
import { cutStrip, stripRecipe } from "../media/film-strip.ts";
import { grainRecipe } from "../media/grain-plate.ts";
import { cardFrames, framesToSeconds } from "../media/grid.ts";
import type { Span } from "../media/own-voice/find-silences.ts";
import { pauseAfter, timeScene } from "../media/scene-timing.ts";
import { verifySegment } from "../media/verify-segment.ts";
import { decodeOnDemand, type Plates } from "./decode-plates.ts";
import type { FilmContext } from "./film-context.ts";
import { keepField } from "./keep-field.ts";
import type { Rendition } from "./live-stream.ts";
import { obtainPicture } from "./obtain-picture.ts";
import { prepareSound, type TimedVoice } from "./prepare-sound.ts";
import { publishPoster, publishThumbnail } from "./publish-images.ts";
import { urgency } from "./urgency.ts";
import { obtainVoice } from "./voice/obtain-voice.ts";
import { type CaptionFile, writeCaptions } from "./write-captions.ts";

export interface PreparedVoice extends TimedVoice {
  /** The model that speaks; null in a silent scene, and where a person speaks. */
  voiceModel: string | null;
  /** A person speaks. */
  isRecorded: boolean;
}

/**
 * Obtains the scene's voice, and times the scene and its words.
 *
 * @throws what the film has to stop for
 */
export async function prepareVoice(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedVoice> {
  const { job, progress } = context;
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const voice = await obtainVoice(scene, storyboard.language, index, context);
  const isRecorded = voice.sound !== null && voice.model === null;
  const { part, silentSeconds } = voice.speech;
  const { breath = 0 } = storyboard;
  const isLast = index === storyboard.scenes.length - 1;
  const pause = pauseAfter(scene.narration, { isLast, breath, silentSeconds });
  const wanted = isRecorded ? null : tempoOf(breath, job.options.speed);
  const timing = timeScene(part.endSeconds - part.startSeconds, pause, wanted);
  const { tempo } = timing;
  const frames = timing.frames + (isLast && job.options.end_card ? cardFrames : 0);
  const words = placeWords(voice.words, part, tempo);
  const seconds = (part.endSeconds - part.startSeconds) / tempo;
  progress.log({ type: "scene.voice", data: { scene: index, seconds, reused: voice.reused } });
  progress.finished("voice");
  const played = voice.sound && { ...voice.sound, part, tempo };
  return { frames, words, played, voiceKey: voice.key, voiceModel: voice.model, isRecorded };
}

/** The words with times in the part of the voice that is played, at its tempo. */
function placeWords(words: readonly TimedWord[], part: Span, tempo: number): TimedWord[] {
  const place = (seconds: number) =>
    (Math.min(part.endSeconds, Math.max(part.startSeconds, seconds)) - part.startSeconds) / tempo;
  return words.map((word) => ({
    ...word,
    startSeconds: place(word.startSeconds),
    endSeconds: place(word.endSeconds),
  }));
}

/** The inputs of a scene's segment. */
export interface PreparedScene extends PreparedPicture, PreparedVoice {
  index: number;
  camera: SceneCamera | undefined;
  /** 0 but in the last scene of a film with an end card. */
  cardFrames: number;
  captions: CaptionFile | null;
  /** An ADTS file, exactly as long as the scene. */
  sound: string;
}

/**
 * Prepares the scene's picture and sound side by side, then its captions, which stay clear of the picture's
 * subject.
 *
 * @param voices of all scenes
 * @throws what preparePicture or prepareVoice throws
 */
export async function prepareScene(
  storyboard: Storyboard,
  index: number,
  voices: readonly Promise<PreparedVoice>[],
  context: FilmContext,
): Promise<PreparedScene> {
  const { job, previewSize } = context;
  const scene = storyboard.scenes[index] as Storyboard["scenes"][number];
  const sound = prepareSound(storyboard, index, voices, context);
  const [picture, voice] = await Promise.all([
    preparePicture(scene, index, context),
    voices[index] as Promise<PreparedVoice>,
    sound,
  ]);
  const title = index === 0 && job.options.title_card ? (job.dream.title ?? storyboard.title) : null;
  const { camera } = scene;
  const look = looks[job.options.style];
  const closing = index === storyboard.scenes.length - 1;
  const card = closing && job.options.end_card ? cardFrames : 0;
  const seenFrames = voice.frames - card;
  const move = planCamera({ scene: index, camera, closing }, picture.field, previewSize, seenFrames, look);
  const shown = { subject: findSubject(picture.field, move, look), busy: findBusy(picture.field, move) };
  const { language } = storyboard;
  const endCard = card > 0 ? { text: job.dream.title ?? storyboard.title, seenFrames } : null;
  const text = { words: voice.words, title, endCard, language };
  const captions = await writeCaptions({ index, ...text, ...shown }, context);
  return { index, cardFrames: card, camera, ...picture, ...voice, captions, sound: await sound };
}

interface PreparedPicture {
  /** The same key always means the same pixels. */
  pictureKey: string;
  /** The model that painted it; null for a placeholder. */
  pictureModel: string | null;
  /** The preview's plate without its file: it says where the subject is. */
  field: Field;
  /** Each decodes the picture when it is first called. */
  plates: Plates;
  /** Resolves when the thumbnail is published, and for the first scene also the film's poster. */
  shown: Promise<unknown>;
}

/**
 * Obtains the scene's picture, and starts to publish its thumbnail. Scene 0 also publishes the poster.
 *
 * @throws what obtainPicture throws
 */
export async function preparePicture(
  scene: Storyboard["scenes"][number],
  index: number,
  context: FilmContext,
): Promise<PreparedPicture> {
  const { progress } = context;
  const hint = scene.focus ?? null;
  let decoded: Plates | undefined;
  const decode = async (file: string) => {
    const tried = decodeOnDemand(async () => file, hint, index, context);
    await tried.preview();
    decoded = tried;
  };
  const { key: pictureKey, model, file, reused } = await obtainPicture(scene, index, context, decode);
  // Another scene bought the same picture, or it was verified earlier and not decoded here.
  const plates = decoded ?? decodeOnDemand(file, hint, index, context);
  // If the picture was found, its segments and images may be there too, and then its plates are not needed.
  if (!reused) for (const plate of [plates.preview, plates.film]) plate().catch(() => {});
  const field = await keepField({ pictureKey, hint, plate: plates.preview }, context);
  const { focus = null } = field;
  const image = { scene: index, camera: scene.camera, pictureKey, focus };
  const thumbnail = publishThumbnail({ ...image, plate: plates.preview }, context).then(() => {
    progress.log({ type: "scene.picture", data: { scene: index, key: pictureKey, reused } });
    progress.finished("picture");
  });
  const poster = index === 0 ? publishPoster({ ...image, plate: plates.film }, model, context) : null;
  const shown = Promise.all([thumbnail, poster]);
  // This may fail while the voice is still awaited. makeFilm handles the failure.
  shown.catch(() => {});
  return { pictureKey, pictureModel: model, field, plates, shown };
}

export interface RenderedScene extends PreparedScene {
  /** MP4 files without sound, in the preview's and in the film's size. */
  segments: { preview: string; film: string };
  /** The file of the scene's film strip. */
  strip: string;
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
  const [large, strip] = await Promise.all([segmentOf("film", filmSize), stripOf(small), watchable]);
  await publish(streams.film, large.path);
  progress.log({
    type: "scene.ready",
    data: { scene: index, seconds: framesToSeconds(frames), reused: large.reused },
  });
  progress.finished("segment");
  return { ...scene, segments: { preview: small.path, film: large.path }, strip };

  /** The encoder has written the strip beside the preview, if it ran now. */
  async function stripOf({ path, shape }: Awaited<ReturnType<typeof segmentOf>>): Promise<string> {
    const made = await context.assets.getOrMake(stripKind, { stripRecipe, ...shape }, (to) =>
      rename(`${path}.strip`, to).catch(() =>
        encoders.run(signal, () => cutStrip(path, previewSize, to, signal), urgency.film(index)),
      ),
    );
    return made.path;
  }

  async function segmentOf(quality: "preview" | "film", size: Size) {
    const shown = {
      scene: index,
      camera: scene.camera,
      cardFrames: scene.cardFrames,
      look: looks[context.job.options.style],
    };
    const segment = { filmSize: size, ...shown, frames, closing, captions: captions?.path, quality };
    const shape = {
      recipe: cameraRecipe,
      encoder: buildEncoderArgs(segment),
      maxBitsPerSecond,
      grainRecipe,
      size,
      ...shown,
      closing,
      captions: captions?.text ?? null,
      pictures: [earlier, scene].map(
        (one) => one && [one.pictureKey, one.frames, one.field.focus ?? null, one.camera ?? null],
      ),
    };
    const kept = await context.assets.getOrMake(segmentKind, shape, async (to) => {
      const [plate, before] = await Promise.all([scene.plates[quality](), earlier?.plates[quality]()]);
      const fading = earlier && { frames: earlier.frames, camera: earlier.camera };
      const plates = { plate, earlier: fading && before && { ...fading, plate: before } };
      await encoders.run(
        signal,
        async () => {
          const strip = quality === "preview" ? `${to}.strip` : undefined;
          await encodeSegment({ ...segment, ...plates, to, strip }, signal);
          await verifySegment(to, segment);
        },
        quality === "preview" ? urgency.scene(index) : urgency.film(index),
      );
    });
    if (kept.reused) context.metrics.assetReused("segment");
    return { ...kept, shape };
  }
}

const stripKind = { capability: "strip", extension: "yuv", contentType: "application/octet-stream" } as const;
const segmentKind = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;
