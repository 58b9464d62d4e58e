/**
 * What a voice says that gives no transcript of its own: by the configured transcription, if there is one.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { priceSpeech } from "../../../contract/voices/paid-voice.ts";
import { CodedError, Poison, Rejected } from "../../errors.ts";
import { sniffVoice } from "../../media/untrusted-input.ts";
import type { Asset } from "../../purchases/asset-files.ts";
import type { FilmContext } from "../film-context.ts";

const Transcript = z.object({ text: z.string() });

/** What a transcription says of a take. */
export interface TakeTranscript {
  /** Null: the voice is judged by its length alone. */
  text: string | null;
  /** The provider may transcribe it another time. */
  isAway: boolean;
}

/**
 * The words of the sound, found or bought. No text if no transcription is configured or it cannot be bought.
 *
 * @throws what the film has to stop for
 */
export async function transcribeTake(
  sound: Asset,
  seconds: number,
  index: number,
  { ai, assets, providers, signal }: FilmContext,
): Promise<TakeTranscript> {
  const { transcription } = providers;
  if (transcription === null) return { text: null, isAway: false };
  const cost = priceSpeech(transcription, seconds);
  const read = async (path: string) => Transcript.safeParse(readJson(await readFile(path, "utf8")));
  const obtaining = assets.obtain(
    // The ledger's capability: a transcript is a part of what a voice costs.
    { capability: "voice", extension: "json", contentType: "application/json" },
    { kind: "transcription", model: transcription.model, voice: sound.key },
    {
      scene: index,
      model: transcription.model,
      ceilingMicroUsd: cost,
      call: async (graceSignal) => {
        const path = await sound.file();
        const { demuxer } = await sniffVoice(path);
        const request = { path, fileName: `voice.${demuxer}`, keywords: [], languages: [] };
        const { value, requestId } = await ai.transcribe(request, graceSignal);
        const transcript = { text: value.text } satisfies z.infer<typeof Transcript>;
        return { bytes: Buffer.from(JSON.stringify(transcript)), requestId, costMicroUsd: cost };
      },
      check: async (path) => {
        if (!(await read(path)).success) throw new Poison("media.unreadable", "The transcript is damaged.");
        return undefined;
      },
    },
  );
  try {
    const { data } = await read(await (await obtaining).file());
    return { text: data?.text ?? null, isAway: false };
  } catch (error) {
    signal.throwIfAborted();
    const isAway = error instanceof CodedError && error.aiFault !== null && error.aiFault !== "refused";
    if (isAway || error instanceof Rejected || error instanceof Poison) return { text: null, isAway };
    throw error;
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
