/**
 * The ports of production's film maker with an AI that answers from memory and a ledger that allows
 * everything.
 */
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import pino from "pino";
import type { ChargeAnswer, ChargeRequest } from "../../contract/charge-request.ts";
import { type GuardedAi, guardAi } from "../../render-worker/ai/guard-ai.ts";
import { createStorage } from "../../render-worker/clients/storage.ts";
import { makeLocalIdentity } from "../../render-worker/credentials/make-local-identity.ts";
import { createMarker } from "../../render-worker/credentials/sign-media.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import type { FilmPorts } from "../../render-worker/pipeline/film-context.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";

export interface StubAi {
  /** Of the scenes in order, and again from the first on. A scene's prompt begins with "Picture 1 of". */
  pictures: readonly string[];
  /** A voice's WAV that says `text`. */
  speak(text: string): Buffer;
}

/** The ports of one worker's process; `encoders` runs of ffmpeg at the same time. */
export function createStubPorts(
  storeUrl: string,
  stub: StubAi,
  encoders = availableParallelism(),
): FilmPorts {
  const metrics = createMetrics({ version: "bench", region: "bench" }, { slots: 2, activeJobs: () => 1 });
  return {
    ai: createStubAi(stub, metrics),
    edge: { charge: async (_, request) => allow(request) },
    markMedia: createMarker({
      identity: makeLocalIdentity(Date.now()),
      metrics,
      log: pino({ level: "silent" }),
    }),
    metrics,
    storage: createStorage({
      ...{ endpoint: storeUrl, region: "auto", bucket: "bench" },
      ...{ accessKeyId: "bench", secretAccessKey: "bench" },
    }),
    providers: parseProviders({ OPENAI_API_KEY: "unused", VOICE_CHAIN: "speech" }),
    encoders: new Slots(encoders),
    purchases: new Slots(12),
    graceMs: 1_000,
  };
}

function createStubAi({ pictures, speak }: StubAi, metrics: Parameters<typeof guardAi>[1]): GuardedAi {
  const none = () => Promise.reject(new Error("the bench has its own storyboard"));
  const cost = { costMicroUsd: 1, requestId: null };
  return guardAi(
    {
      write: none,
      transcribe: none,
      edit: none,
      paint: async ({ prompt }) => {
        const scene = Number(/Picture (\d+) of/.exec(prompt)?.[1]) - 1;
        const file = pictures[scene % pictures.length] as string;
        return { value: await readFile(file), ...cost };
      },
      speak: async (_, { text }) => ({ value: { bytes: speak(text) }, ...cost }),
    },
    metrics,
  );
}

const allow = ({ reserve, send }: ChargeRequest): ChargeAnswer => ({
  charges: [...reserve.map(({ fingerprint }) => fingerprint), ...send].map((fingerprint) => ({
    fingerprint,
    decision: "go",
  })),
  short_of: null,
  reported: null,
});
