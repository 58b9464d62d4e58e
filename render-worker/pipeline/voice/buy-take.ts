/** One take of a scene by one voice: found or bought, decoded, and compared with the script. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClaimedJob } from "../../../contract/internal.ts";
import { ceilingOfVoice, priceByLength } from "../../../contract/prices.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { voiceClients } from "../../ai/voice-clients.ts";
import { respell, restoreSpelling } from "../../captions/text/respell.ts";
import { Poison, Rejected } from "../../errors.ts";
import { type DecodedVoice, decodeVoice } from "../../media/decode-voice.ts";
import { readSaid } from "../../media/voice/said-chunk.ts";
import type { Asset } from "../../purchases/asset-files.ts";
import type { PaidVoiceProvider } from "../../runtime/providers.ts";
import type { FilmContext } from "../film-context.ts";
import { judgeTake, type Verdict } from "./judge-take.ts";
import { transcribeTake } from "./transcribe-take.ts";

export type Scene = Storyboard["scenes"][number];

export interface Take {
  asset: Asset;
  model: string;
  voice: DecodedVoice;
  /** What the voice says, by its provider or by a transcription, as captions write it; null if neither tells. */
  said: string | null;
  verdict: Verdict;
}

/**
 * The take, found or bought.
 *
 * @param retake 0 for the first take; 1 for one that replaces a first one with other words
 * @throws Rejected `voice.unusable` if the bought sounds could not be decoded; the owner may ask for the film
 *   again
 */
export async function buyTake(
  by: PaidVoiceProvider,
  scene: Scene,
  retake: number,
  language: string,
  index: number,
  context: FilmContext,
): Promise<Take> {
  const { ai, assets, folder, job, signal } = context;
  const { narration, voice_take } = scene;
  const pronunciations = pronunciationsOf(job);
  const say = (written: string) => respell(written, pronunciations);
  const text = say(narration);
  const { speed } = job.options;
  if (job.options.voice === "own") throw new Error("the dreamer's own voice cannot be bought");
  const client = voiceClients[by.kind];
  const request = {
    text,
    voice: client.voiceName(job.options.voice),
    instructions: client.instructions(language),
    ...(speed === 1 ? {} : { speed }),
  };
  // The shape of `speech` must not change: it is the key of kept voices.
  const shape = {
    ...(by.kind === "speech" ? {} : { kind: by.kind }),
    ...(retake > 0 ? { retake } : {}),
    ...{ model: by.model, take: voice_take, ...request },
  };
  const decode = (path: string) =>
    decodeVoice(path, join(folder, `voice-${index}-${by.kind}-${retake}.f32`), signal);
  let decoded: DecodedVoice | undefined;
  let wasSilent = false;
  const obtaining = assets.obtain(
    { capability: "voice", extension: "wav", contentType: "audio/wav" },
    shape,
    {
      scene: index,
      model: by.model,
      ceilingMicroUsd: ceilingOfVoice(by, text),
      call: async (graceSignal) => {
        const { value, ...paid } = await ai.speak(by.kind, request, graceSignal);
        return { ...paid, ...value };
      },
      check: async (path, isVerified) => {
        const voice = await decode(path);
        // One more is bought. If that is silent too, the voice is.
        if (!isVerified && !wasSilent && judgeTake(text, null, language, voice, speed) === "silent") {
          wasSilent = true;
          throw new Poison("media.silent_voice", "The voice was silent.");
        }
        decoded = voice;
        const costMicroUsd = priceByLength(by, voice.durationSeconds);
        return costMicroUsd === null ? undefined : { costMicroUsd };
      },
    },
  );
  const asset = await obtaining.catch((error: unknown) => {
    // A Poison of the provider is a refusal; only one of the decoder means an unusable voice.
    if (!(error instanceof Poison) || error.aiFault !== null) throw error;
    throw new Rejected(
      "voice.unusable",
      `Scene ${index + 1} got no usable voice: ${error.message} Ask for the film again to buy it anew.`,
      { cause: error },
    );
  });
  // Another scene with the same words may have bought it.
  const voice = decoded ?? (await decode(asset.path));
  const said =
    readSaid(await readFile(asset.path)) ??
    (judgeTake(text, null, language, voice, speed) === "silent"
      ? null
      : await transcribeTake(asset, voice.durationSeconds, index, context));
  return {
    asset,
    model: by.model,
    voice,
    said: said && restoreSpelling(said, pronunciations),
    // A transcript may write the word or its respelling.
    verdict: judgeTake(text, said && say(said), language, voice, speed),
  };
}

/** The film's respelled words, and the owner's where the film has none. */
export const pronunciationsOf = ({
  options,
  pronunciations = {},
}: PronouncedJob): Record<string, string> => ({
  ...pronunciations,
  ...options.pronunciations,
});
type PronouncedJob = Pick<ClaimedJob, "options"> & Partial<Pick<ClaimedJob, "pronunciations">>;
