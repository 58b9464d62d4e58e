/** What a scene needs before it can be filmed: its picture and its voice, bought side by side, and its captions. */
import { join } from "node:path";
import type { Storyboard } from "../../contract/storyboard.ts";
import { alignWords } from "../captions/align-words.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import { type PictureRequest, priceSpeech } from "../clients/openai.ts";
import type { Plate } from "../media/camera/shot.ts";
import { decodePicture } from "../media/decode-picture.ts";
import { type DecodedVoice, decodeVoice } from "../media/decode-voice.ts";
import { sceneFrames } from "../media/grid.ts";
import { retryTransient } from "../retry.ts";
import { aiPolicy } from "./ai-policy.ts";
import type { Asset } from "./assets.ts";
import type { FilmContext } from "./make-film.ts";
import { publishPoster, publishStill } from "./publish-stills.ts";
import { picturePrompt } from "./storyboard.ts";
import { urgency } from "./urgency.ts";
import { wavSeconds } from "./wav-seconds.ts";

export interface PreparedScene {
  index: number;
  /** Names the picture for good: same key, same pixels. */
  pictureKey: string;
  plates: { film: Plate; preview: Plate };
  /** Settles when the picture can be looked at, of the first scene also as the film's poster. */
  shown: Promise<unknown>;
  voice: DecodedVoice;
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  title: string | null;
  language: string;
}

type Scene = Storyboard["scenes"][number];

const pictureSizes = { "16:9": "1536x1024", "9:16": "1024x1536", "1:1": "1024x1024" } as const;

export async function prepareScene(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedScene> {
  const scene = storyboard.scenes[index] as Scene;
  const [picture, voice] = await Promise.all([
    preparePicture(scene, index, context),
    prepareVoice(scene, storyboard.language, index, context),
  ]);
  return {
    index,
    ...picture,
    voice,
    frames: sceneFrames(voice.durationSeconds),
    words: alignWords(scene.narration, storyboard.language, voice),
    title: index === 0 && context.job.options.title_card ? storyboard.title : null,
    language: storyboard.language,
  };
}

async function preparePicture(scene: Scene, index: number, context: FilmContext) {
  const { ai, folder, job, providers, progress, signal, film, preview } = context;
  const request: PictureRequest = {
    prompt: picturePrompt(scene, job.options.style),
    size: pictureSizes[job.options.aspect],
  };
  const { model, quality } = providers.picture;
  const asset = await context.assets.obtain(
    { capability: "picture", extension: "png", contentType: "image/png" },
    { model, quality, ...request },
    (lasting) =>
      buy(context, async () => {
        const { value, costMicroUsd } = await ai.paint(request, lasting);
        return { bytes: value, costMicroUsd };
      }),
  );
  account(context, asset, "picture", index);
  const files = [
    { film, to: join(folder, `plate-${index}.yuv`) },
    { film: preview, to: join(folder, `plate-${index}-preview.yuv`) },
  ];
  const decode = () => decodePicture(asset.path, files, signal);
  const [large, small] = await context.encoders.run(signal, decode, urgency.scene(index));
  const plates = { film: large as Plate, preview: small as Plate };
  const still = publishStill(index, plates.preview, context).then(() => {
    progress.log({ type: "scene.picture", data: { scene: index, key: asset.key, reused: asset.reused } });
    progress.finished("picture");
  });
  const shown = Promise.all([still, index === 0 && publishPoster(plates.film, context)]);
  // It may fail while the voice is still being waited for; whoever makes the film hears of it then.
  shown.catch(() => {});
  return { plates, shown, pictureKey: asset.key };
}

async function prepareVoice(
  scene: Scene,
  language: string,
  index: number,
  context: FilmContext,
): Promise<DecodedVoice> {
  const { ai, job, providers, progress, signal } = context;
  const request = {
    text: scene.narration,
    voice: job.options.voice,
    instructions: `Narrate a dream: calm, warm, unhurried. Language: ${language}.`,
  };
  const asset = await context.assets.obtain(
    { capability: "voice", extension: "wav", contentType: "audio/wav" },
    { model: providers.voice.model, take: scene.voice_take, ...request },
    (lasting) =>
      buy(context, async () => {
        const bytes = await ai.speak(request, lasting);
        return { bytes, costMicroUsd: priceSpeech(providers.voice, wavSeconds(bytes)) };
      }),
  );
  account(context, asset, "voice", index);
  const voice = await decodeVoice(asset.path, join(context.folder, `voice-${index}.f32`), signal);
  progress.log({
    type: "scene.voice",
    data: { scene: index, seconds: voice.durationSeconds, reused: asset.reused },
  });
  progress.finished("voice");
  return voice;
}

function buy<T>(context: FilmContext, purchase: () => Promise<T>): Promise<T> {
  return retryTransient(aiPolicy, context.signal, () => context.purchases.run(context.signal, purchase));
}

function account(context: FilmContext, asset: Asset, kind: "picture" | "voice", scene: number): void {
  if (asset.reused) {
    context.metrics.assetReused(kind);
    context.progress.reused(asset.costMicroUsd);
  } else {
    context.metrics.spent(kind, asset.costMicroUsd);
    context.progress.spent(asset.costMicroUsd, kind, scene);
  }
}
