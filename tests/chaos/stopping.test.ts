/**
 * Real worker processes that get a stop signal: once, twice, during their start. They run production's code;
 * the worker that makes tiny films finishes the jobs that they hand back.
 */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { signMessage } from "../../contract/signature.ts";
import { until } from "../until.ts";
import { fetchFilm, look } from "./clients.ts";
import { type FewWorkers, openFewWorkers, production, quick, slow } from "./few-workers.ts";
import { entriesOf, type History } from "./history.ts";

/** `STOP_CYCLES=500` for the long run. */
const cycles = Number(process.env.STOP_CYCLES ?? 20);

let few: FewWorkers;
beforeAll(async () => {
  few = await openFewWorkers();
});
afterEach(() => few.clear());
afterAll(() => few?.close());

const boughtIn = (history: History) =>
  entriesOf(history.entries, "buy")
    .filter(({ outcome }) => outcome === "ok")
    .map(({ args }) => args.what);

it("hands four films back at the stop signal, ends with 0, and nothing of them is bought again", async () => {
  await few.cloud.breakOpenai({ latency_ms: slow });
  const asked = await Promise.all([few.ask(), few.ask(), few.ask(), few.ask()]);
  const stopping = few.newMachine("stopping", 4, production);
  await stopping.start();
  await until(() => few.claimsBy(stopping).length === 4);
  await sleep(1_000);
  const toldAt = performance.now();
  stopping.askToStop();
  expect(await stopping.exited).toEqual({ code: 0, signal: null });
  // The promise itself: fly.worker.toml gives a machine that stops longer than this before it is killed.
  expect(performance.now() - toldAt).toBeLessThan(25_000);
  await few.cloud.breakOpenai({ latency_ms: quick });
  const next = few.newMachine("next", 4);
  await next.start();
  await Promise.all(asked.map(few.untilDone));
  for (const film of asked) {
    const status = await look(few.cloud, few.history, film);
    expect(status?.attempt).toBe(2);
    await fetchFilm(few.history, film, status?.video_url ?? "");
  }
  const names = boughtIn(few.history);
  expect(names.length).toBeGreaterThan(8);
  expect(new Set(names).size).toBe(names.length);
}, 150_000);

it("ends at once at the second signal", async () => {
  await few.cloud.breakOpenai({ latency_ms: slow });
  await few.ask();
  const stopping = few.newMachine("impatient", 1, production);
  await stopping.start();
  await until(() => few.claimsBy(stopping).length === 1);
  stopping.askToStop();
  await sleep(300);
  const toldAt = performance.now();
  stopping.askToStop();
  expect(await stopping.exited).toEqual({ code: 1, signal: null });
  // Its calls take 8 s, so it waits for none of them.
  expect(performance.now() - toldAt).toBeLessThan(7_000);
}, 60_000);

it(`ends at a signal during its start, ${cycles} times, and leaves no process behind`, async () => {
  for (let cycle = 0; cycle < cycles; cycle++) {
    const machine = few.newMachine("starting", 1, production);
    await machine.start();
    await sleep(Math.random() * 1_200);
    const toldAt = performance.now();
    machine.askToStop();
    const { code, signal } = await machine.exited;
    // Before it listens, the signal itself ends it.
    expect(signal === "SIGTERM" || code === 0, `${code} ${signal}`).toBe(true);
    expect(performance.now() - toldAt).toBeLessThan(15_000);
    expect(machine.hasLiving).toBe(false);
    machine.closeWires();
    few.machines.splice(few.machines.indexOf(machine), 1);
  }
  const log = await readFile(join(few.cloud.logDir, "worker-starting.log"), "utf8");
  expect(log).not.toMatch(/unhandled|UnhandledPromise|TypeError|ERR_/i);
}, 600_000);

it("takes no signed message twice, not even after the edge was killed in between", async () => {
  const { job } = await few.ask();
  const body = JSON.stringify({ job_id: job, claim_id: randomUUID(), worker_id: "by-hand" });
  const headers = signMessage(few.cloud.secrets.callback, randomUUID(), Math.floor(Date.now() / 1000), body);
  const send = () =>
    fetch(`${few.cloud.edgeUrl}/internal/jobs/${job}/claim`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  expect((await send()).status).toBe(200);
  await few.cloud.killEdge();
  await few.cloud.startEdge();
  const again = await send();
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: "signature.replayed" });
}, 90_000);
