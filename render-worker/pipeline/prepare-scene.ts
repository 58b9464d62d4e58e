/** What a scene needs before it can be filmed: its picture and its voice, bought side by side, and its captions. */
import { join } from "node:path";
import { ceilingOfVoice, priceSpeech } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { alignWords } from "../captions/align-words.ts";
import type { TimedWord } from "../captions/timed-word.ts";
import type { Plate } from "../media/camera/shot.ts";
import { decodePicture } from "../media/decode-picture.ts";
import { type DecodedVoice, decodeVoice } from "../media/decode-voice.ts";
import { sceneFrames } from "../media/grid.ts";
import type { FilmContext } from "./film-context.ts";
import { obtainPicture } from "./obtain-picture.ts";
import { publishPoster, publishStill } from "./publish-stills.ts";
import { urgency } from "./urgency.ts";
import { wavSeconds } from "./wav-seconds.ts";

interface Plates {
  film: Plate;
  preview: Plate;
}

export interface PreparedScene {
  index: number;
  /** Names the picture for good: same key, same pixels. */
  pictureKey: string;
  /** Decodes the picture when first called. */
  plates(): Promise<Plates>;
  /** Settles when the picture can be looked at, of the first scene also as the film's poster. */
  shown: Promise<unknown>;
  voice: DecodedVoice;
  /** Names the voice for good. */
  voiceKey: string;
  /** Of the whole scene; a multiple of 16. */
  frames: number;
  words: TimedWord[];
  title: string | null;
  language: string;
}

type Scene = Storyboard["scenes"][number];

export async function prepareScene(
  storyboard: Storyboard,
  index: number,
  context: FilmContext,
): Promise<PreparedScene> {
  const scene = storyboard.scenes[index] as Scene;
  const [picture, { voice, voiceKey }] = await Promise.all([
    preparePicture(scene, index, context),
    prepareVoice(scene, storyboard.language, index, context),
  ]);
  return {
    index,
    ...picture,
    voice,
    voiceKey,
    frames: sceneFrames(voice.durationSeconds),
    words: alignWords(scene.narration, storyboard.language, voice),
    title: index === 0 && context.job.options.title_card ? storyboard.title : null,
    language: storyboard.language,
  };
}

async function preparePicture(scene: Scene, index: number, context: FilmContext) {
  const { folder, progress, signal, film, preview } = context;
  const picture = await obtainPicture(scene, index, context);
  const { key: pictureKey, reused } = picture;
  const files = [
    { film, to: join(folder, `plate-${index}.yuv`) },
    { film: preview, to: join(folder, `plate-${index}-preview.yuv`) },
  ];
  const decode = () => decodePicture(picture.path, files, signal);
  let decoded: Promise<Plates> | undefined;
  const plates = () => {
    decoded ??= context.encoders
      .run(signal, decode, urgency.scene(index))
      .then(([large, small]) => ({ film: large as Plate, preview: small as Plate }));
    return decoded;
  };
  // Of a picture that was there already, segments and stills may be there too, and then nobody needs its plates.
  if (!reused) plates().catch(() => {});
  const plate = (size: keyof Plates) => async () => (await plates())[size];
  const still = publishStill({ scene: index, pictureKey, plate: plate("preview") }, context).then(() => {
    progress.log({ type: "scene.picture", data: { scene: index, key: pictureKey, reused } });
    progress.finished("picture");
  });
  const poster =
    index === 0 ? publishPoster({ scene: index, pictureKey, plate: plate("film") }, context) : null;
  const shown = Promise.all([still, poster]);
  // It may fail while the voice is still being waited for; whoever makes the film hears of it then.
  shown.catch(() => {});
  return { plates, shown, pictureKey };
}

async function prepareVoice(
  scene: Scene,
  language: string,
  index: number,
  context: FilmContext,
): Promise<{ voice: DecodedVoice; voiceKey: string }> {
  const { ai, job, providers, progress, signal } = context;
  const request = {
    text: scene.narration,
    voice: job.options.voice,
    instructions: `Narrate a dream: calm, warm, unhurried. Language: ${language}.`,
  };
  const { model } = providers.voice;
  const asset = await context.assets.obtain(
    { capability: "voice", extension: "wav", contentType: "audio/wav" },
    { model, take: scene.voice_take, ...request },
    {
      scene: index,
      model,
      ceilingMicroUsd: ceilingOfVoice(providers.voice, scene.narration),
      call: async (lasting) => {
        const { value: bytes, requestId } = await ai.speak(request, lasting);
        return { bytes, requestId, costMicroUsd: priceSpeech(providers.voice, wavSeconds(bytes)) };
      },
    },
  );
  const voice = await decodeVoice(asset.path, join(context.folder, `voice-${index}.f32`), signal);
  progress.log({
    type: "scene.voice",
    data: { scene: index, seconds: voice.durationSeconds, reused: asset.reused },
  });
  progress.finished("voice");
  return { voice, voiceKey: asset.key };
}
