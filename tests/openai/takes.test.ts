/** What a worker buys for takes of a scene, by its own code; the provider is the simulator. */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { ChargeRequest } from "../../contract/charge-request.ts";
import { ClaimedJob, TakesJob } from "../../contract/claim.ts";
import { FilmOptions } from "../../contract/film.ts";
import { filmKey } from "../../contract/storage.ts";
import type { TranscriptionRequest } from "../../render-worker/ai/ai.ts";
import { type BoughtTakes, buyTakes } from "../../render-worker/pipeline/buy-takes.ts";
import { type FilmPorts, openFilm } from "../../render-worker/pipeline/film-context.ts";
import { obtainPicture } from "../../render-worker/pipeline/obtain-picture.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { obtainVoice } from "../../render-worker/pipeline/voice/obtain-voice.ts";
import { createWorld } from "../cast/attempt.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { openSimulator, type SimulatorProcess } from "./start-simulator.ts";

let simulator: SimulatorProcess;
let root: string;
let ports: FilmPorts;
/** The keys of what was put for clients. */
let published: string[];
beforeAll(async () => {
  simulator = await openSimulator();
  root = await mkdtemp(join(tmpdir(), "takes-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(root, { recursive: true });
});
beforeEach(async () => {
  await simulator.reset();
  await simulator.control({ picture_scale: 0.1 });
  const { storage } = createFakeStorage(await mkdtemp(join(root, "bucket-")));
  published = [];
  const put = async (key: string) => void published.push(key);
  ports = createWorld(simulator.origin, { ...storage, put }).ports;
});

const scene = { narration: "I flew over a silver sea.", picture: "A silver sea at night.", voice_take: 0 };
const wanted = (asset: "picture" | "voice", number: number) => ({
  id: `${asset === "picture" ? "a" : "b"}${number}`.padEnd(16, "0"),
  scene: { ...scene, picture_take: 0, [`${asset}_take`]: number },
});
const jobOf = (asset: "picture" | "voice", attempt = 1): TakesJob =>
  TakesJob.parse({
    ...{
      outcome: "takes",
      job_id: "job_takes",
      dream_id: "drm",
      attempt,
      lease_ms: 30_000,
      asset_scope: "owner",
    },
    ...{ options: FilmOptions.parse({ on_budget: "fail" }), language: "en", asset, scene: 2 },
    takes: [1, 2, 3].map((number) => wanted(asset, number)),
  });

/** One attempt. It loses its job after so many purchases. */
async function attempt(job: TakesJob, stopAfter = Number.POSITIVE_INFINITY): Promise<BoughtTakes> {
  const lost = new AbortController();
  const progress = new Progress(() => {});
  const log = progress.log.bind(progress);
  let bought = 0;
  progress.log = (event) => {
    log(event);
    if (event.type === "job.cost" && ++bought >= stopAfter) lost.abort(new Error("the job is lost"));
  };
  return buyTakes(job, await mkdtemp(join(root, "job-")), progress, lost.signal, ports);
}
const bill = async () => (await simulator.ledger()).billed.map(({ capability }) => capability);

/** A film's context in which nothing may be bought: the ledger refuses every purchase. */
async function openChoice() {
  const over = (fingerprint: string) => ({ fingerprint, decision: "over_budget" as const });
  const charge = async (_: string, { reserve }: ChargeRequest) => ({
    charges: reserve.map(({ fingerprint }) => over(fingerprint)),
    short_of: "job" as const,
    reported: null,
  });
  const job = ClaimedJob.parse({
    ...{ outcome: "claimed", job_id: "job_film", dream_id: "drm", attempt: 1, lease_ms: 30_000 },
    ...{ asset_scope: "owner", dream: { title: null, transcript: "" }, options: FilmOptions.parse({}) },
    chosen: { scene: 2, asset: "picture", placeholders: [5] },
  });
  const { signal } = new AbortController();
  const progress = new Progress(() => {});
  return openFilm(job, await mkdtemp(join(root, "film-")), progress, signal, { ...ports, edge: { charge } });
}

it("buys three pictures for three charges, and a film that shows one of them buys nothing", async () => {
  const { takes, costMicroUsd } = await attempt(jobOf("picture"));
  expect(await bill()).toEqual(["picture", "picture", "picture"]);
  expect(takes.map(({ has_file, error }) => [has_file, error])).toEqual(Array(3).fill([true, null]));
  const paid = takes.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
  expect(paid).toBeCloseTo(costMicroUsd / 1e6, 6);
  expect(published.sort()).toEqual(takes.map(({ id }) => filmKey("drm", "job_takes", 1, `takes/${id}.jpg`)));

  const film = await openChoice();
  const shown = await obtainPicture(wanted("picture", 2).scene, 2, film, async () => {});
  expect([shown.reused, shown.costMicroUsd / 1e6]).toEqual([true, takes[1]?.cost_usd]);
  await expect(obtainPicture(wanted("picture", 9).scene, 2, film, async () => {})).rejects.toMatchObject({
    code: "take.gone",
  });
  const placeholder = await obtainPicture(wanted("picture", 9).scene, 5, film, async () => {});
  expect(placeholder.model).toBeNull();
  expect(await bill()).toHaveLength(3);
});

it("buys voices that can be heard, and a film that speaks with one of them buys nothing", async () => {
  const { takes } = await attempt(jobOf("voice"));
  expect(takes.every(({ has_file, cost_usd }) => has_file && cost_usd > 0)).toBe(true);
  expect(published.sort()).toEqual(takes.map(({ id }) => filmKey("drm", "job_takes", 1, `takes/${id}.wav`)));
  const bought = await bill();
  const film = await openChoice();
  expect((await obtainVoice(wanted("voice", 3).scene, "en", 2, film)).reused).toBe(true);
  await expect(obtainVoice(wanted("voice", 9).scene, "en", 2, film)).rejects.toMatchObject({
    code: "take.gone",
  });
  expect(await bill()).toEqual(bought);
});

it("gives clients a WAV of a voice that a server answers as MP3, and a transcription its own name", async () => {
  const { ai, storage, providers } = ports;
  const names: string[] = [];
  const speak: typeof ai.speak = async (_, { text, voice }) => {
    const body = JSON.stringify({ input: text, voice, model: "m", response_format: "mp3" });
    const headers = { authorization: "Bearer k", "content-type": "application/json" };
    const answer = await fetch(`${simulator.origin}/v1/audio/speech`, { method: "POST", headers, body });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(answer.headers.get("content-type")).toBe("audio/mpeg");
    return { value: { bytes }, requestId: null, costMicroUsd: 1 };
  };
  const hear = async ({ fileName }: TranscriptionRequest) => {
    names.push(fileName);
    return { value: { text: scene.narration, languages: [] }, requestId: null, costMicroUsd: 1 };
  };
  const transcribe = Object.assign(hear, { retryConfiguration: () => {} });
  const files: Uint8Array[] = [];
  const put = async (_: string, bytes: Uint8Array | string) => void files.push(Buffer.from(bytes));
  const transcription = { ...providers.text, model: "gpt-transcribe", pricePerMinute: 0.01 };
  ports = { ...ports, storage: { ...storage, put }, ai: { ...ai, speak, transcribe } };
  ports.providers = { ...providers, transcription };

  const { takes } = await attempt(jobOf("voice"));
  expect(takes.map(({ has_file }) => has_file)).toEqual([true, true, true]);
  expect(new Set(names)).toEqual(new Set(["voice.mp3"]));
  expect(files).toHaveLength(3);
  for (const input of files) {
    const read = spawnSync("ffprobe", ["-v", "error", "-show_entries", "format=format_name", "-"], { input });
    expect(read.stdout.toString()).toContain("format_name=wav");
  }
});

it("buys nothing twice where a worker takes over in the middle", async () => {
  await expect(attempt(jobOf("picture"), 1)).rejects.toThrow("the job is lost");
  const { takes } = await attempt(jobOf("picture", 2));
  expect(takes.every(({ has_file }) => has_file)).toBe(true);
  const { billed } = await simulator.ledger();
  expect(billed).toHaveLength(3);
  expect(new Set(billed.map(({ fingerprint }) => fingerprint)).size).toBe(3);
});

it("tells which take the provider refused, also when asked gently, and keeps the others", async () => {
  await simulator.control({
    picture_scale: 0.1,
    faults: [{ kind: "content_policy_violation", capability: "picture", match: "(take 3:" }],
  });
  const { takes } = await attempt(jobOf("picture"));
  expect(takes.map(({ has_file, error }) => [has_file, error?.code ?? null])).toEqual([
    [true, null],
    [false, "picture.refused"],
    [true, null],
  ]);
  expect(await bill()).toHaveLength(2);
});

it("tells which picture was painted from gentler words, because the provider refused the description", async () => {
  const fault = { kind: "content_policy_violation", capability: "picture", match: "(take 3:" };
  await simulator.control({ picture_scale: 0.1, faults: [{ ...fault, times: 1 }] });
  const { takes } = await attempt(jobOf("picture"));
  expect(takes.map(({ has_file, softened }) => [has_file, softened])).toEqual([
    [true, false],
    [true, true],
    [true, false],
  ]);
});

it("ends with the provider's reason where no take can be bought", async () => {
  await simulator.control({ faults: [{ kind: "insufficient_quota", capability: "picture" }] });
  await expect(attempt(jobOf("picture"))).rejects.toMatchObject({ code: "picture.no_credit" });
  expect(await bill()).toEqual([]);
});
