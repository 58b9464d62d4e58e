/** What an attempt at a film buys: its storyboard, its sheets and its pictures, by the worker's own code. */
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChargeRequest } from "../../contract/charge-request.ts";
import { ClaimedJob } from "../../contract/claim.ts";
import { FilmOptions } from "../../contract/film.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import type { Storage } from "../../render-worker/clients/storage.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { openSheets } from "../../render-worker/pipeline/cast/obtain-sheets.ts";
import { type FilmPorts, openFilm } from "../../render-worker/pipeline/film-context.ts";
import { obtainPicture } from "../../render-worker/pipeline/obtain-picture.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { obtainStoryboard } from "../../render-worker/pipeline/storyboard.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";

/** A provider, and an owner's assets. Attempts of several films share them. */
export interface World {
  origin: string;
  storage: Storage;
  ports: FilmPorts;
}

/** A world whose provider answers at `origin`. */
export function createWorld(origin: string, storage: Storage): World {
  const providers = parseProviders({ OPENAI_API_KEY: "local", OPENAI_BASE_URL: `${origin}/v1` });
  const silent = { aiCall: () => {}, circuit: () => {}, assetReused: () => {}, spent: () => {} };
  const go = (fingerprint: string) => ({ fingerprint, decision: "go" as const });
  const charge = async (_: string, { reserve, send }: ChargeRequest) => ({
    charges: [...reserve.map(({ fingerprint }) => go(fingerprint)), ...send.map(go)],
    short_of: null,
    reported: null,
  });
  const size = { width: 64, height: 36 };
  const sizes = { "16:9": size, "9:16": size, "1:1": size };
  const ports: FilmPorts = {
    ...{ storage, providers, metrics: silent, graceMs: 20_000 },
    ai: guardAi(createAi(providers), silent, ["realtime"]),
    edge: { charge },
    encoders: new Slots(1),
    purchases: new Slots(8),
    sizes: { film: sizes, preview: sizes },
    markMedia: () => Promise.reject(new Error("nothing is published")),
  };
  return { origin, storage, ports };
}

export interface Bought {
  storyboard: Storyboard;
  /** By the ids of the cast. */
  sheets: Map<string, Buffer>;
  /** By scene. */
  pictures: Buffer[];
  /** Purchases of this attempt. */
  spent: { sheets: number; pictures: number; text: number; costUsd: number };
  warnings: string[];
}

export interface Asked {
  transcript: string;
  options?: Partial<FilmOptions>;
  storyboard?: Storyboard;
  known?: ClaimedJob["known_cast"];
  photos?: ClaimedJob["photos"];
}

/**
 * One attempt. `stopAfter`: it loses its job after so many purchases of pictures; what it has bought by then
 * is kept.
 *
 * @throws the signal's reason if it was stopped
 */
export async function attempt(
  { ports }: World,
  { transcript, options, storyboard: given, known = [], photos = [] }: Asked,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<Bought> {
  const folder = await mkdtemp(join(tmpdir(), "cast-"));
  const lost = new AbortController();
  const spent = { sheets: 0, pictures: 0, text: 0, costUsd: 0 };
  const progress = new Progress(() => {});
  const log = progress.log.bind(progress);
  progress.log = (event) => {
    log(event);
    if (event.type !== "job.cost") return;
    const { for: kind, scene, cost_usd } = event.data;
    spent.costUsd += cost_usd;
    spent[kind === "text" ? "text" : scene === null ? "sheets" : "pictures"]++;
    if (spent.sheets + spent.pictures >= stopAfter) lost.abort(new Error("the job is lost"));
  };
  const job = ClaimedJob.parse({
    ...{
      outcome: "claimed",
      job_id: "job",
      dream_id: "dream",
      attempt: 1,
      lease_ms: 30_000,
      asset_scope: "owner",
    },
    ...{ dream: { title: null, transcript }, storyboard: given ?? null, known_cast: known, photos },
    options: FilmOptions.parse({ length_seconds: 33, cast: true, ...options }),
  });
  const opened = openFilm(job, folder, progress, lost.signal, ports);
  try {
    if (given) await opened.assets.recallAll({ of: job.dream_id });
    const storyboard = await obtainStoryboard(opened);
    const context = { ...opened, sheets: openSheets(storyboard.cast, opened) };
    const making = storyboard.scenes.map((scene, index) =>
      obtainPicture(scene, index, context, async () => {}),
    );
    await Promise.allSettled(making);
    const pictures = await Promise.all(making);
    const references = storyboard.scenes.flatMap((scene) => context.sheets.ofScene(scene));
    const sheets = await context.sheets.obtain(references);
    opened.assets.rememberAll({ of: job.dream_id });
    return {
      storyboard,
      sheets: new Map(
        await Promise.all(
          sheets.map(async ({ member, file }) => [member.id, await readFile(await file())] as const),
        ),
      ),
      pictures: await Promise.all(pictures.map(async ({ file }) => readFile(await file()))),
      spent,
      warnings: progress.snapshot.warnings.map(({ code }) => code),
    };
  } finally {
    await opened.assets.flush();
  }
}
