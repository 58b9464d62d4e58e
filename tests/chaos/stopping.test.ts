/**
 * Real worker processes that are killed, or get a stop signal: once, twice, during their start. They run
 * production's code; the worker that makes tiny films finishes the jobs that they hand back.
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

/** 20 in `npm run test:long`; `STOP_CYCLES=500` for more. */
const cycles = Number(process.env.STOP_CYCLES ?? (process.env.LONG ? 20 : 6));
/** Longer than a start takes on an idle machine. */
const startMs = 1_200;

let few: FewWorkers;
beforeAll(async () => {
  few = await openFewWorkers();
});
afterEach(() => few.clear());
afterAll(() => few?.close());

const logOf = (name: string) => readFile(join(few.cloud.logDir, `worker-${name}.log`), "utf8");
const billedVoices = async () =>
  (await few.cloud.bill()).billed.filter(({ capability }) => capability === "voice").length;
const boughtIn = (history: History) =>
  entriesOf(history.entries, "buy")
    .filter(({ outcome }) => outcome === "ok")
    .map(({ args }) => args.what);

it("hands four films back at the stop signal, ends with 0, and nothing of them is bought again", async () => {
  // Six purchases at a time, so the last ones begin before half of the deadline and have 8 s to arrive.
  await few.cloud.breakOpenai({ latency_ms: { text: 0, voice: 4_000, picture: 4_000 } });
  const asked = await Promise.all([few.ask(), few.ask(), few.ask(), few.ask()]);
  const stopping = few.newMachine("stopping", 4, production);
  await stopping.start();
  await until(() => few.claimsBy(stopping).length === 4);
  // Purchases of every film are under way. The simulator bills a call when it arrives.
  await until(async () => (await billedVoices()) >= 4);
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
});

it("loses its jobs within 10 s of a SIGKILL, and a living worker keeps its own", async () => {
  await few.cloud.breakOpenai({ latency_ms: slow });
  const killed = few.newMachine("killed", 1);
  await killed.start();
  const film = await few.ask();
  await until(() => few.claimsBy(killed).length > 0);
  const living = few.newMachine("living", 2);
  await living.start();
  const other = await few.ask();
  await until(() => few.claimsBy(living).length > 0);
  const killedAt = performance.now();
  await killed.kill();
  await until(() => few.claimsBy(living).some(({ args }) => args.job === film.job));
  expect(performance.now() - killedAt).toBeLessThan(10_000);
  await few.cloud.breakOpenai({ latency_ms: quick });
  await Promise.all([few.untilDone(film), few.untilDone(other)]);
  expect((await look(few.cloud, few.history, film))?.attempt).toBe(2);
  expect((await look(few.cloud, few.history, other))?.attempt).toBe(1);
});

it("ends at once at the second signal", async () => {
  await few.cloud.breakOpenai({ latency_ms: slow });
  await few.ask();
  const stopping = few.newMachine("impatient", 1, production);
  await stopping.start();
  await until(() => few.claimsBy(stopping).length === 1);
  stopping.askToStop();
  await until(async () => (await logOf("impatient")).includes('"worker.stopping"'));
  const toldAt = performance.now();
  stopping.askToStop();
  expect(await stopping.exited).toEqual({ code: 1, signal: null });
  // Its calls take 8 s, so it waits for none of them.
  expect(performance.now() - toldAt).toBeLessThan(7_000);
});

it(`ends at a signal during its start, ${cycles} times, and leaves no process behind`, async () => {
  for (let cycle = 0; cycle < cycles; cycle++) {
    const machine = few.newMachine("starting", 1, production);
    await machine.start();
    // The moment of the signal is what this test varies: evenly over the start.
    await sleep((cycle / cycles) * startMs);
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
  expect(await logOf("starting")).not.toMatch(/unhandled|UnhandledPromise|TypeError|ERR_/i);
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
});
