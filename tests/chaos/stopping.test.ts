/**
 * Real worker processes that are stopped: told to, twice, while they start, or frozen for longer than their lease. The
 * first three are production's own process; what they hand back is finished by the worker that makes tiny films.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { leaseSeconds } from "../../contract/limits.ts";
import { signMessage } from "../../contract/signature.ts";
import { fetchFilm, look, type Submitted, submit } from "./clients.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { entriesOf, History } from "./history.ts";
import { Place } from "./workers.ts";

/** `STOP_CYCLES=500` for the long one. */
const cycles = Number(process.env.STOP_CYCLES ?? 20);
/** `CUT_SECONDS=600` for the long one. */
const cutSeconds = Number(process.env.CUT_SECONDS ?? 45);
const slow = { text: 0, voice: 8_000, picture: 8_000 };
const quick = { text: 0, voice: 0, picture: 0 };

const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-stopping-"));
const history = new History();
const places: Place[] = [];
let cloud: Cloud;
let owner: { name: string; key: string };
let films = 0;

beforeAll(async () => {
  cloud = await startCloud(stateDir);
  owner = { name: "alder", key: await cloud.newKey("alder") };
});
afterEach(async () => {
  await Promise.all(places.splice(0).map((place) => place.kill()));
});
afterAll(async () => {
  await cloud?.stop();
  for (const place of places) place.closeWires();
  await rm(stateDir, { recursive: true, force: true });
});

/** `faults.edgeLoss` 1 cuts the worker off from the edge, 0 joins them again. */
function newPlace(
  name: string,
  slots: number,
  program?: string,
  faults = { edgeLoss: 0, storeLoss: 0 },
): Place {
  const place = new Place(name, cloud, history, {
    slots,
    faults,
    random: () => 0,
    ...(program ? { program } : {}),
  });
  places.push(place);
  return place;
}
const production = join("render-worker", "main.ts");
const ask = () => submit(cloud, history, owner, films++);
const claimsBy = (place: Place) =>
  entriesOf(history.entries, "claim").filter(
    ({ actor, args }) => actor === place.workerId && args.attempt !== null,
  );
const bought = () =>
  entriesOf(history.entries, "buy")
    .filter(({ outcome }) => outcome === "ok")
    .map(({ args }) => args.what);

async function until(what: string, isSo: () => boolean | Promise<boolean>, patienceMs = 60_000) {
  const deadline = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await sleep(50);
  }
}
const untilDone = (film: Submitted) =>
  until(`${film.job} was done`, async () => (await look(cloud, history, film))?.status === "completed");

it("hands four films back when it is told to stop, ends with 0, and nothing of them is bought again", async () => {
  await cloud.breakOpenai({ latency_ms: slow });
  const asked = await Promise.all([ask(), ask(), ask(), ask()]);
  const stopping = newPlace("stopping", 4, production);
  await stopping.start();
  await until("it had four", () => claimsBy(stopping).length === 4);
  await sleep(1_000);
  const toldAt = performance.now();
  stopping.askToStop();
  expect(await stopping.exited).toEqual({ code: 0, signal: null });
  expect(performance.now() - toldAt).toBeLessThan(25_000);
  await cloud.breakOpenai({ latency_ms: quick });
  const next = newPlace("next", 4);
  await next.start();
  await Promise.all(asked.map(untilDone));
  for (const film of asked) {
    const status = await look(cloud, history, film);
    expect(status?.attempt).toBe(2);
    await fetchFilm(history, film, status?.video_url ?? "");
  }
  const names = bought();
  expect(names.length).toBeGreaterThan(8);
  expect(new Set(names).size).toBe(names.length);
}, 150_000);

it("ends at once when it is told a second time", async () => {
  await cloud.breakOpenai({ latency_ms: slow });
  await ask();
  const stopping = newPlace("impatient", 1, production);
  await stopping.start();
  await until("it had one", () => claimsBy(stopping).length === 1);
  stopping.askToStop();
  await sleep(300);
  const toldAt = performance.now();
  stopping.askToStop();
  expect(await stopping.exited).toEqual({ code: 1, signal: null });
  expect(performance.now() - toldAt).toBeLessThan(2_000);
}, 60_000);

it(`ends when it is told so while it starts, ${cycles} times, and leaves nobody behind`, async () => {
  for (let cycle = 0; cycle < cycles; cycle++) {
    const place = newPlace("starting", 1, production);
    await place.start();
    await sleep(Math.random() * 1_200);
    const toldAt = performance.now();
    place.askToStop();
    const { code, signal } = await place.exited;
    // Before it listens, the signal itself ends it.
    expect(signal === "SIGTERM" || code === 0, `${code} ${signal}`).toBe(true);
    expect(performance.now() - toldAt).toBeLessThan(15_000);
    expect(place.hasLiving).toBe(false);
    place.closeWires();
    places.splice(places.indexOf(place), 1);
  }
  const log = await readFile(join(cloud.logDir, "worker-starting.log"), "utf8");
  expect(log).not.toMatch(/unhandled|UnhandledPromise|TypeError|ERR_/i);
}, 600_000);

it("is fenced when it was frozen for longer than its lease, and goes on with other work", async () => {
  await cloud.breakOpenai({ latency_ms: { ...quick, voice: 3_000 } });
  const frozen = newPlace("frozen", 1);
  await frozen.start();
  const before = claimsBy(frozen).length;
  const film = await ask();
  await until("it was at work", () => claimsBy(frozen).length > before);
  const mine = claimsBy(frozen).at(-1)?.args.job;
  frozen.signal("SIGSTOP");
  const frozenAt = performance.now();
  const other = newPlace("other", 3);
  await other.start();
  await until("another had it", () => claimsBy(other).some(({ args }) => args.job === mine), 90_000);
  expect(performance.now() - frozenAt).toBeLessThan((leaseSeconds + 15) * 1000);
  await untilDone(film);
  frozen.signal("SIGCONT");
  await until("it was told so", () =>
    history.entries.some(
      ({ actor, op, args, outcome }) =>
        actor === frozen.workerId &&
        outcome === "fail" &&
        (op === "report" || op === "complete") &&
        "job" in args &&
        args.job === mine,
    ),
  );
  expect((await look(cloud, history, film))?.attempt).toBe(2);
  await other.kill();
  const after = await ask();
  await untilDone(after);
  expect(claimsBy(frozen).some(({ args }) => args.job === after.job)).toBe(true);
}, 180_000);

it(
  `stops its work before its lease ends when it is cut off from the edge, for ${cutSeconds} s`,
  async () => {
    await cloud.breakOpenai({ latency_ms: { ...quick, voice: 60_000 } });
    const faults = { edgeLoss: 0, storeLoss: 0 };
    const cut = newPlace("cut", 1, undefined, faults);
    await cut.start();
    const film = await ask();
    await until("it was at work", () => claimsBy(cut).length > 0);
    const mine = claimsBy(cut)[0]?.args.job;
    faults.edgeLoss = 1;
    const cutAt = performance.now();
    await cloud.breakOpenai({ latency_ms: quick });
    const other = newPlace("near", 3);
    await other.start();
    await until("another had it", () => claimsBy(other).some(({ args }) => args.job === mine), 90_000);
    const log = await readFile(join(cloud.logDir, "worker-cut.log"), "utf8");
    expect(log).toContain('"lease.lost"');
    await untilDone(film);
    await until("the cut was over", () => performance.now() - cutAt > cutSeconds * 1000, cutSeconds * 1000);
    faults.edgeLoss = 0;
    const status = await look(cloud, history, film);
    expect(status).toMatchObject({ status: "completed", attempt: 2 });
    await other.kill();
    const after = await ask();
    await untilDone(after);
    expect(claimsBy(cut).some(({ args }) => args.job === after.job)).toBe(true);
  },
  180_000 + cutSeconds * 1000,
);

it("takes no signed message twice, not even after the edge was killed between", async () => {
  const { job } = await ask();
  const body = JSON.stringify({ job_id: job, claim_id: randomUUID(), worker_id: "by-hand" });
  const headers = signMessage(cloud.secrets.callback, randomUUID(), Math.floor(Date.now() / 1000), body);
  const send = () =>
    fetch(`${cloud.edgeUrl}/internal/jobs/${job}/claim`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
  expect((await send()).status).toBe(200);
  await cloud.killEdge();
  await cloud.startEdge();
  const again = await send();
  expect(again.status).toBe(409);
  expect(await again.json()).toMatchObject({ code: "signature.replayed" });
}, 90_000);
