/** The pictures and voices of a scene: bought, listed, and chosen. */
import { setTimeout as sleep } from "node:timers/promises";
import { UsageError } from "../command-line/describe-error.ts";
import type { Output } from "../command-line/output.ts";
import type { Take, TakeList } from "../contract/takes.ts";
import { type ApiClient, ApiProblem } from "./api-client.ts";
import { followFilm } from "./make-film.ts";

interface OneScene {
  dreamId: string;
  /** Counted from 1, as the studio counts. */
  scene: number;
  voice?: boolean | undefined;
}

const pollMs = 1_000;

/**
 * Lists the scene's pictures or voices; with `count`, buys that many first and waits for them.
 *
 * @throws ApiProblem for what the API refuses, and if none could be bought
 */
export async function showTakes(
  api: ApiClient,
  asked: OneScene & { count?: number | undefined; prompt?: string | undefined },
  output: Output,
): Promise<void> {
  const { dreamId, count, prompt, voice } = asked;
  const scene = sceneOf(asked);
  const asset = voice ? "voice" : "picture";
  if (prompt !== undefined && count === undefined)
    throw new UsageError("--prompt needs --count: how many to buy");
  if (count !== undefined) {
    const body = { asset, count, ...(prompt === undefined ? {} : { prompt }) } as const;
    const { job_id, at_most_usd } = await ofScene(api, asked, () => api.buyTakes(dreamId, scene, body));
    output.note(`buying ${count}, for at most $${at_most_usd.toFixed(2)}`);
    const { job } = await untilBought(api, dreamId, scene, job_id);
    if (job?.status === "failed")
      throw new ApiProblem(job.error?.code ?? "takes.failed", job.error?.message ?? "None could be bought");
  }
  const { takes } = await ofScene(api, asked, () => api.takes(dreamId, scene));
  for (const take of takes.filter((one) => one.asset === asset)) output.result(take, describe(take));
}

async function untilBought(api: ApiClient, dreamId: string, scene: number, jobId: string): Promise<TakeList> {
  for (;;) {
    const list = await api.takes(dreamId, scene);
    const isActive = list.job?.status === "queued" || list.job?.status === "processing";
    if (list.job?.job_id !== jobId || !isActive) return list;
    await sleep(pollMs);
  }
}

function describe({ number, status, is_chosen, cost_usd, prompt, error, ...take }: Take): string {
  const state = is_chosen ? "in the film" : status;
  const line = `${String(number).padStart(2)}  ${state.padEnd(11)} $${cost_usd.toFixed(4)}  ${prompt}`;
  const notes = [
    error?.message ?? take.picture_url ?? take.audio_url ?? take.film_url,
    take.is_softened ? "painted from gentler words: the provider refused the description" : null,
    take.is_file_gone ? "its file is not kept any more; it may still be chosen" : null,
  ];
  return [line, ...notes.filter((note) => note !== null)].join("\n    ");
}

/**
 * Films the take of this number at no cost, and downloads the film.
 *
 * @throws UsageError if the scene has no such take; ApiProblem for what the API refuses
 */
export async function chooseTake(
  api: ApiClient,
  asked: OneScene & { number: number; out?: string | undefined },
  output: Output,
): Promise<void> {
  const { dreamId, number, voice, out } = asked;
  const scene = sceneOf(asked);
  const asset = voice ? "voice" : "picture";
  const { takes } = await ofScene(api, asked, () => api.takes(dreamId, scene));
  const take = takes.find((one) => one.asset === asset && one.number === number);
  if (take === undefined) throw new UsageError(`scene ${asked.scene} has no ${asset} ${number}`);
  const answer = await api.choose(dreamId, scene, take.id);
  if (answer.status === "already_chosen") output.note(`The film shows ${asset} ${number} already.`);
  await followFilm(api, dreamId, out ?? null, output);
}

function sceneOf({ scene }: OneScene): number {
  if (Number.isInteger(scene) && scene >= 1) return scene - 1;
  throw new UsageError("the scene is a number from 1");
}

/**
 * The answer about the scene. @throws UsageError if the film has no such scene: the API's own error counts
 * from 0
 */
async function ofScene<T>(
  api: ApiClient,
  { dreamId, scene }: OneScene,
  answer: () => Promise<T>,
): Promise<T> {
  return answer().catch(async (error: unknown) => {
    if (!(error instanceof ApiProblem && error.code === "scene.out_of_range")) throw error;
    const { total } = (await api.status(dreamId)).scenes;
    throw new UsageError(`There is no scene ${scene}: the film has the scenes 1 to ${total}.`);
  });
}
