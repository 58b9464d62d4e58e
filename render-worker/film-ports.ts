import type { PaidVoiceKind } from "../contract/voice-kinds.ts";
import { createAi } from "./ai/create-ai.ts";
import { guardAi } from "./ai/guard-ai.ts";
import { guardTranscriber } from "./ai/guard-transcriber.ts";
import { createModerator } from "./ai/openai/moderate.ts";
import { createTranscriber } from "./ai/openai/transcribe.ts";
import { createEdgeClient } from "./clients/edge.ts";
import { createStorage } from "./clients/storage.ts";
import { makeLocalIdentity } from "./credentials/make-local-identity.ts";
import { createMarker } from "./credentials/sign-media.ts";
import { Slots } from "./flow/slots.ts";
import type { FilmPorts } from "./pipeline/film-context.ts";
import type { TranscriptionPorts } from "./pipeline/transcribe-segment.ts";
import { hashOf } from "./purchases/fingerprint.ts";
import type { Config } from "./runtime/config.ts";
import type { Logger } from "./runtime/log.ts";
import type { Metrics } from "./runtime/metrics.ts";

const purchasesPerJob = 6;

/**
 * What films are made with, once for a process: providers, ledger, storage, and the slots that all jobs
 * share.
 */
export const createFilmPorts = (config: Config, metrics: Metrics, log: Logger): FilmPorts => ({
  ai: guardAi(createAi(config.providers), metrics, ...voicesOf(config.providers)),
  moderate: createModerator(config.providers.moderation, log, metrics),
  edge: createEdgeClient(config.edgeUrl, config.callbackSecret, config.workerId),
  ...(config.signing && { signedBy: hashOf({ certificates: config.signing.certificates }) }),
  markMedia: createMarker({ identity: config.signing ?? makeLocalIdentity(Date.now()), metrics, log }),
  metrics,
  storage: createStorage(config.storage),
  providers: config.providers,
  encoders: new Slots(config.encoders),
  purchases: new Slots(config.concurrency * purchasesPerJob),
  graceMs: config.purchaseGraceMs,
});

const voicesOf = ({ voices }: Config["providers"]): [kinds: PaidVoiceKind[], hasFreeVoice: boolean] => [
  voices.flatMap((voice) => ("model" in voice ? [voice.kind] : [])),
  voices.at(-1)?.kind === "none",
];

/**
 * What segments are transcribed with; slots, storage and ledger are those of the films, and so is the
 * transcriber if films have one.
 */
export const createTranscriptionPorts = (
  config: Config,
  films: FilmPorts,
  metrics: Metrics,
): TranscriptionPorts => ({
  ...films,
  transcribe:
    config.providers.transcription === null
      ? guardTranscriber(createTranscriber(config.providers.recordings), metrics)
      : films.ai.transcribe,
  provider: config.providers.recordings,
});
