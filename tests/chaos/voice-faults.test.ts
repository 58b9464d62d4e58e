/**
 * A voice that rewords, breaks off and ends early, without `/audio/speech` behind it: the real ledger in
 * workerd and D1, the worker's chain of voices, and the simulator with its own bill and its own ear.
 */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { limits } from "../../contract/limits.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import { compareWords, soundOf } from "../../render-worker/captions/text/compare-words.ts";
import { joinWords } from "../../render-worker/captions/timed-word.ts";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import { Transient } from "../../render-worker/errors.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { openFilm } from "../../render-worker/pipeline/film-context.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import type { SceneVoice } from "../../render-worker/pipeline/scene-voice.ts";
import { obtainVoice } from "../../render-worker/pipeline/voice/obtain-voice.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { type Job, secrets } from "../edge/harness.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { useLedgerAndSimulator } from "./use-ledger.ts";

/** 40 films in `npm run test:long`. */
const films = process.env.LONG ? 40 : 5;
const scenesPerFilm = 5;
const mostAttempts = 4;

const { edge, simulator, folder, key } = await useLedgerAndSimulator();

/** What the scenes say, in scripts with and without spaces, with figures and contractions. */
const sentences: [language: string, write: (n: number) => string][] = [
  ["en", (n) => `I couldn't count the ${n + 3} lanterns that floated over the silent harbour.`],
  ["de", (n) => `Im Garten standen ${n + 3} gläserne Türen, und keine davon war verschlossen.`],
  ["fr", (n) => `J'ai traversé ${n + 3} ponts de verre avant d'entendre la voix de ma grand-mère.`],
  ["es", (n) => `Había ${n + 3} caballos blancos esperando debajo de la escalera.`],
  ["ja", (n) => `私は${n + 3}つの窓がある静かな部屋で、海の音を聞いていました。`],
];
const storyboardOf = (film: number): Storyboard => {
  const [language, write] = sentences[film % sentences.length] as (typeof sentences)[number];
  const scenes = Array.from({ length: scenesPerFilm }, (_, scene) => ({
    ...{ narration: write(film * scenesPerFilm + scene), picture: "x", picture_take: 0, voice_take: 0 },
  }));
  return { title: "Dream", language, scenes };
};

it(`${films} films say what they show and pay what the ledger says, whatever the voice does`, async () => {
  await simulator.control({
    seed: 25,
    without: ["speech"],
    faults: [
      { kind: "reworded", rate: 0.12 },
      { kind: "dropped_mid_sound", rate: 0.12 },
      { kind: "incomplete", rate: 0.08 },
    ],
  });
  const made = [];
  for (let film = 0; film < films; film++) made.push(await makeVoices(storyboardOf(film)));
  const billed = (await simulator.ledger()).billed.filter(({ capability }) => capability === "voice");
  const spoken = made.flatMap(({ voices }) => voices);
  expect(spoken).toHaveLength(films * scenesPerFilm);

  // The faults happened.
  const faults = billed.map(({ fault }) => fault).filter(Boolean);
  expect(new Set(faults)).toEqual(new Set(["reworded", "dropped_mid_sound", "incomplete"]));

  // Every word that is heard is shown, and no other.
  for (const { heard, shown, language } of spoken)
    expect(soundOf(shown, language), `${shown} / ${heard}`).toBe(soundOf(heard, language));
  const reworded = spoken.filter(
    ({ script, heard, language }) => compareWords(script, heard, language) !== "verbatim",
  );
  const warned = made.flatMap(({ warnings }) => warnings.filter(({ code }) => code.startsWith("voice.")));
  expect(warned).toHaveLength(reworded.length);

  // Every call that the provider bills is in the ledger, and no other.
  const all = await edge.sql<{ fingerprint: string; state: string; model: string }>(
    "SELECT fingerprint, state, model FROM charges WHERE capability = 'voice'",
  );
  const rows = all.filter(({ state }) => state === "paid");
  // The address of `/audio/speech` is missing, so nothing is bought there.
  const isSpeech = ({ state, model }: (typeof all)[number]) =>
    state === "failed" && model === "gpt-4o-mini-tts";
  expect(all.filter((row) => row.state !== "paid" && !isSpeech(row))).toEqual([]);
  expect(rows).toHaveLength(billed.length);
  const takes = new Set(rows.map(({ fingerprint }) => fingerprint)).size;
  const retakes = billed.filter(({ fault }) => fault === "reworded").length;
  const sounds = billed.length - (faults.length - retakes);
  console.log({ films, calls: billed.length, takes, retakes, broken: faults.length - retakes, sounds });
  expect(sounds).toBeGreaterThanOrEqual(films * scenesPerFilm);
  expect(takes).toBeLessThanOrEqual(films * scenesPerFilm + retakes);
  // No sound is bought twice. A retake that breaks off at each try has none, and its scene keeps the first
  // take.
  expect(takes).toBeGreaterThanOrEqual(sounds);
  expect(takes - sounds).toBeLessThanOrEqual(reworded.length);
}, 600_000);

interface Spoken {
  language: string;
  script: string;
  /** What the simulator hears in the stored sound. */
  heard: string;
  /** The words of the captions. */
  shown: string;
}

/** The voices of one film, by as many attempts as it takes. */
async function makeVoices(storyboard: Storyboard) {
  const job = await edge.newJob(key);
  const providers = parseProviders({
    OPENAI_API_KEY: "local",
    OPENAI_BASE_URL: `${simulator.origin}/v1`,
    VOICE_CHAIN: "realtime,speech",
  });
  const metrics = createMetrics({ version: "1", region: "test" }, { activeJobs: () => 1, slots: 1 });
  const client = createEdgeClient(edge.url.href, secrets.CALLBACK_SECRETS.split(" ")[0] as string, "w");
  const { storage, objects } = createFakeStorage(folder);
  const ports = {
    ...{ storage, providers, metrics, edge: client, graceMs: 1_000 },
    ai: guardAi(createAi(providers), metrics, ["realtime", "speech"]),
    encoders: new Slots(2),
    purchases: new Slots(6),
    markMedia: async () => "unavailable" as const,
  };
  for (let attempt = 1; ; attempt++) {
    const { json } = await edge.claim(job);
    await edge.prolong(job);
    const progress = new Progress(() => {});
    const context = openFilm(json as never, folder, progress, new AbortController().signal, ports);
    const outcomes = await Promise.allSettled(
      storyboard.scenes.map((scene, index) => obtainVoice(scene, storyboard.language, index, context)),
    );
    await context.assets.flush();
    await settle(job, attempt, client, progress);
    const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    if (failures.length === 0) {
      const voices = outcomes.map((outcome) => (outcome as PromiseFulfilledResult<SceneVoice>).value);
      const { warnings } = progress.snapshot;
      const all = voices.map((voice, index) => describe(voice, storyboard, index, objects));
      return { warnings, voices: await Promise.all(all) };
    }
    // The worker hands the job back for nothing else.
    for (const failure of failures) expect(failure).toBeInstanceOf(Transient);
    expect(attempt).toBeLessThan(mostAttempts);
    const handBack = { reason: "outage" as const, code: "test", message: "test", delay_seconds: 0 };
    await client.release(job.id, { attempt, ...handBack });
  }
}

async function describe(
  { key: asset, words }: SceneVoice,
  { language, scenes }: Storyboard,
  index: number,
  objects: Map<string, { path: string }>,
): Promise<Spoken> {
  const sound = await readFile(objects.get(asset)?.path ?? "");
  const { text } = await simulator.client.audio.transcriptions.create({
    model: "gpt-transcribe",
    file: new File([new Uint8Array(sound)], "voice.wav"),
  });
  return { language, script: scenes[index]?.narration ?? "", heard: text, shown: joinWords(words) };
}

async function settle(
  job: Job,
  attempt: number,
  client: ReturnType<typeof createEdgeClient>,
  progress: Progress,
): Promise<void> {
  while (progress.hasUrgentReports) {
    const charges = progress.unreportedSettlements(50);
    const events = progress.unreportedEvents(50, limits.reportEventsBytes);
    await client.report(job.id, {
      ...{ attempt, stage: "scenes", progress: 50, scenes_total: 1, scenes_ready: 0, cost_usd: 0 },
      ...{ charges, events, assets: [] },
    });
    progress.confirmSettlements(charges);
    progress.confirmEvents(events.at(-1)?.n ?? 0);
  }
}
