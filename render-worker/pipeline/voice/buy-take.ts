/** One take of a scene by one voice: found or bought, decoded, and compared with the script. */
import { join } from "node:path";
import type { ClaimedJob } from "../../../contract/claim.ts";
import { ceilingOfVoice, priceByLength } from "../../../contract/prices.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { voiceClients } from "../../ai/voices/voice-clients.ts";
import { respell } from "../../captions/text/respell.ts";
import { Poison, Rejected, Transient } from "../../errors.ts";
import { type DecodedVoice, decodeVoice } from "../../media/decode-voice.ts";
import type { Asset } from "../../purchases/asset-files.ts";
import type { PaidVoiceProvider } from "../../runtime/providers.ts";
import type { FilmContext } from "../film-context.ts";
import { urgency } from "../urgency.ts";
import { type Hearing, hearingKind, hearingShape, hearTake, readHearing } from "./hear-take.ts";
import { judgeTake } from "./judge-take.ts";
import { transcribeTake } from "./transcribe-take.ts";

export type Scene = Storyboard["scenes"][number];

export interface Take extends Hearing {
  asset: Asset;
  model: string;
  /** Decodes the voice on the first call; its samples at 48 kHz. */
  file(): Promise<string>;
}

/**
 * The take, found or bought. One that was heard before is neither read nor decoded until its sound is needed.
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
  const { ai, assets, encoders, folder, job, providers, signal } = context;
  const { narration, voice_take } = scene;
  const { speed } = job.options;
  const script = { narration, language, speed, pronunciations: pronunciationsOf(job) };
  const text = respell(narration, script.pronunciations);
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
  const heardShape = hearingShape(script, shape, providers.transcription?.model ?? null);
  const note = assets.note(hearingKind, heardShape);
  const kept = readHearing(note);
  // It is awaited after the purchase, which may fail first.
  kept.catch(() => {});
  let decoding: Promise<DecodedVoice> | undefined;
  const decode = (path: string) => {
    const to = join(folder, `voice-${index}-${by.kind}-${retake}.f32`);
    return encoders.run(signal, () => decodeVoice(path, to, signal), urgency.scene(index));
  };
  let wasSilent = false;
  const obtaining = assets.obtain(
    { capability: "voice", extension: "wav", contentType: "audio/wav" },
    shape,
    {
      scene: index,
      model: by.model,
      ceilingMicroUsd: ceilingOfVoice(by, text),
      onMissing: () => context.newScenes?.announce(index),
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
        decoding = Promise.resolve(voice);
        const costMicroUsd = priceByLength(by, voice.durationSeconds);
        return costMicroUsd === null ? undefined : { costMicroUsd };
      },
      isReadLater: async () => (await kept) !== null,
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
  // Nothing is decoded yet if it was heard before, or if another scene with the same words has bought it.
  const voice = async () => {
    decoding ??= asset
      .file()
      .then(decode)
      .catch((error: unknown) => {
        if (!(error instanceof Poison)) throw error;
        // The next attempt reads the voice again, finds it damaged, and buys another one.
        note.keep("{}");
        throw new Transient("asset.damaged", "A stored voice could not be decoded", { cause: error });
      });
    return decoding;
  };
  const take = { asset, model: by.model, file: async () => (await voice()).file };
  const heard = await kept;
  if (heard) return { ...take, ...heard };
  const decoded = await voice();
  const transcribe = () => transcribeTake(asset, decoded.durationSeconds, index, context);
  const { hearing, mayBeKept } = await hearTake(decoded, await asset.file(), script, transcribe);
  if (mayBeKept) note.keep(JSON.stringify(hearing));
  return { ...take, ...hearing };
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
