/** Fetches, cleans and aligns the recordings that narrate a film. */
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ToldRecording } from "../../../contract/claim.ts";
import { limits } from "../../../contract/limits.ts";
import { alignWords } from "../../captions/align-words.ts";
import { Poison, Rejected } from "../../errors.ts";
import { alignRate, cleanRecording, ownVoiceRecipe } from "../../media/own-voice/clean-recording.ts";
import { findSilences } from "../../media/own-voice/find-silences.ts";
import type { FilmContext } from "../film-context.ts";
import type { HeardWord, OwnPart, OwnVoice } from "../own-narration.ts";

/**
 * The recordings if the dreamer's own voice is the first that may narrate, else null. A chain of voices goes
 * on without recordings that cannot be used; where only they may narrate, the job ends before anything is
 * bought.
 *
 * @throws Rejected `voice.no_recording`, `voice.recording_missing` or `voice.recording_too_long`
 */
export async function openRecordings(context: FilmContext): Promise<OwnVoice | null> {
  const { job, providers, progress, signal } = context;
  const isAlone = job.options.voice === "own";
  if (!isAlone && (providers.voices[0]?.kind !== "own" || job.recordings.length === 0)) return null;
  try {
    if (job.recordings.length === 0)
      throw new Rejected("voice.no_recording", "The dream has no recording that could narrate.");
    return await openAll(context);
  } catch (error) {
    signal.throwIfAborted();
    if (isAlone || !(error instanceof Rejected)) throw error;
    progress.warn(error.code, `${error.message} Another voice narrates.`, null);
    return null;
  }
}

async function openAll(context: FilmContext): Promise<OwnVoice> {
  const { recordings, options } = context.job;
  const usual = options.language === "auto" ? "und" : options.language;
  const parts: OwnPart[] = [];
  const heard: HeardWord[] = [];
  for (const [index, recording] of recordings.entries()) {
    const { samples, pcm } = await openOne(recording, index, context);
    const seconds = pcm.length / alignRate;
    parts.push({ samples, seconds, silences: findSilences(pcm, alignRate) });
    if (parts.reduce((sum, part) => sum + part.seconds, 0) > limits.narratingSeconds + parts.length)
      throw new Rejected(
        "voice.recording_too_long",
        `The recordings are longer than the ${limits.narratingSeconds} seconds that may narrate a film.`,
      );
    // The alignment of a long recording takes seconds: reports go out in between.
    await setImmediate();
    const text = recording.heard ?? recording.transcript;
    const words = alignWords(text, recording.language ?? usual, { pcm, sampleRate: alignRate }, "recording");
    heard.push(...words.map((word) => ({ ...word, part: index })));
  }
  return {
    parts,
    heard,
    language: mainLanguage(recordings) ?? usual,
    key: [ownVoiceRecipe, ...recordings.map(({ key }) => key)],
  };
}

async function openOne(
  { key }: ToldRecording,
  index: number,
  { storage, folder, encoders, signal }: FilmContext,
) {
  const file = join(folder, `recording-${index}`);
  const missing = (cause?: unknown) =>
    new Rejected("voice.recording_missing", `Recording ${index + 1} of the dream cannot be used any more.`, {
      cause,
    });
  if ((await storage.fetchInto(key, file, signal)) === null) throw missing();
  return encoders
    .run(signal, () => cleanRecording(file, file, signal))
    .catch((error: unknown) => {
      throw error instanceof Poison ? missing(error) : error;
    });
}

/** The language that most seconds are told in. */
function mainLanguage(recordings: readonly ToldRecording[]): string | null {
  const seconds = new Map<string, number>();
  for (const { language, seconds: length } of recordings)
    if (language) seconds.set(language, (seconds.get(language) ?? 0) + length);
  return [...seconds].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
