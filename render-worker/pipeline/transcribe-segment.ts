/**
 * Transcribes one segment of a dream that is told aloud.
 *
 *   the uploaded file ─▶ probed and decoded ─▶ a recording at one loudness ─┬─▶ R2
 *                                                                       └─▶ transcription, bought once
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { TranscriptionJob } from "../../contract/claim.ts";
import { readLanguage } from "../../contract/language.ts";
import { limits } from "../../contract/limits.ts";
import { recordingKey } from "../../contract/storage.ts";
import { ceilingOfTranscription } from "../../contract/transcription.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { priceSpeech } from "../../contract/voices/paid-voice.ts";
import { Transcription } from "../ai/ai.ts";
import type { GuardedTranscribe } from "../ai/guard-transcriber.ts";
import { Poison } from "../errors.ts";
import { normaliseRecording, recordingRecipe } from "../media/normalise-recording.ts";
import { createAssetStore } from "../purchases/asset-store.ts";
import { createFirstCalls } from "../purchases/first-calls.ts";
import { createLedgerClient } from "../purchases/ledger-client.ts";
import type { TranscriptionProvider } from "../runtime/providers.ts";
import { carryReports } from "./carried-report.ts";
import type { FilmPorts } from "./film-context.ts";
import type { Progress } from "./progress.ts";
import { urgency } from "./urgency.ts";

export interface TranscriptionPorts
  extends Pick<FilmPorts, "ai" | "edge" | "storage" | "encoders" | "metrics" | "purchases" | "graceMs"> {
  transcribe: GuardedTranscribe;
  provider: TranscriptionProvider;
}

export interface TranscribedSegment {
  transcript: string;
  /** A tag; null if the provider names no language. */
  language: string | null;
  durationSeconds: number;
  costMicroUsd: number;
}

const transcript = {
  capability: "transcription",
  extension: "json",
  contentType: "application/json",
} as const;
/** Bytes of a transcript as JSON: a report to the edge has room for them. */
const mostTranscriptBytes = limits.internalBodyBytes - 2_048;

/**
 * Transcribes the segment of one attempt in `folder`, which the caller removes.
 *
 * @throws Poison if the file is no recording of speech; Rejected, Transient, or `signal`'s reason
 */
export async function transcribeSegment(
  job: TranscriptionJob,
  folder: string,
  progress: Progress,
  signal: AbortSignal,
  ports: TranscriptionPorts,
): Promise<TranscribedSegment> {
  const { storage, encoders, provider } = ports;
  if (job.tries_providers) ports.transcribe.retryConfiguration();
  const ledger = createLedgerClient(ports.edge, job, signal, carryReports(progress));
  const firstCalls = createFirstCalls(ports.ai);
  const assets = createAssetStore(
    { ...ports, progress, ledger, firstCalls },
    job.asset_scope,
    folder,
    signal,
  );
  try {
    const uploaded = join(folder, "uploaded");
    if ((await storage.fetchInto(job.key, uploaded, signal)) === null)
      throw new Poison("segment.not_uploaded", "The file of the segment is not there any more.");
    const source = await hashFile(uploaded);
    const to = join(folder, "recording.ogg");
    const normalise = () => normaliseRecording(uploaded, to, signal);
    const recording = await encoders.run(signal, normalise, urgency.recording);
    progress.advance(40);
    const kept = storage.putFile(
      recordingKey(job.dream_id, job.job_id, job.attempt),
      recording.file,
      "audio/ogg",
      signal,
    );
    const { keywords, languages } = job;
    const bought = assets.obtain(
      transcript,
      { model: provider.model, recipe: recordingRecipe, source, keywords, languages },
      {
        scene: null,
        model: provider.model,
        ceilingMicroUsd: ceilingOfTranscription(provider, recording.durationSeconds),
        call: async (graceSignal) => {
          const request = { path: recording.file, fileName: "recording.ogg", keywords, languages };
          const { value, requestId, costMicroUsd } = await ports.transcribe(request, graceSignal);
          const costOf = costMicroUsd ?? priceSpeech(provider, recording.durationSeconds);
          return { bytes: Buffer.from(JSON.stringify(value)), requestId, costMicroUsd: costOf };
        },
        check: async (path) => void (await readTranscription(path)),
      },
    );
    const [asset] = await Promise.all([bought, kept]);
    const { text, languages: heard } = await readTranscription(await asset.file());
    return {
      transcript: requireSpeech(text),
      language: readLanguage(heard[0] ?? ""),
      durationSeconds: recording.durationSeconds,
      costMicroUsd: progress.snapshot.costMicroUsd,
    };
  } finally {
    await assets.flush();
  }
}

async function readTranscription(path: string): Promise<Transcription> {
  try {
    return Transcription.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    throw new Poison("segment.unreadable", "The transcription could not be read.", { cause });
  }
}

/** @throws Poison if nothing was heard, or more than a segment may have */
function requireSpeech(heard: string): string {
  const text = heard.toWellFormed().replaceAll("\0", "").trim();
  if (!hasVisibleText(text)) throw new Poison("segment.no_speech", "No speech was heard in the recording.");
  const isLong = [...text].length > limits.segmentChars;
  if (isLong || Buffer.byteLength(JSON.stringify(text)) > mostTranscriptBytes)
    throw new Poison("segment.transcript_too_long", "The recording has more text than a segment may have.");
  return text;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
