/**
 * C14: a worker that is killed after the provider has taken its call and before anything of it is stored, and
 * again.
 */
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FilmCost } from "../../contract/cost.ts";
import { tally } from "../edge/harness.ts";
import { until } from "../until.ts";
import { look, type Submitted, submit } from "./clients.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { entriesOf, History } from "./history.ts";
import { readRows } from "./read-rows.ts";
import { Machine } from "./workers.ts";

const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-chaos-"));
const history = new History();
let cloud: Cloud;
let machines: Machine[];
beforeAll(async () => {
  cloud = await startCloud(stateDir);
  const calm = { faults: { edgeLoss: 0, storeLoss: 0 }, random: () => 1 };
  machines = [
    new Machine("doomed", cloud, history, { ...calm, slots: 1 }),
    new Machine("sound", cloud, history, { ...calm, slots: 2 }),
  ];
});
afterAll(async () => {
  await Promise.all(machines.map((machine) => machine.stop()));
  await cloud.stop();
  await rm(stateDir, { recursive: true, force: true });
});

const costOf = async ({ dream, key }: Submitted) => {
  const headers = { authorization: `Bearer ${key}` };
  return (await (await fetch(`${cloud.edgeUrl}/dreams/${dream}/cost`, { headers })).json()) as FilmCost;
};
const untilEnded = (film: Submitted) =>
  until(async () => {
    const status = await look(cloud, history, film);
    return status?.status === "completed" || status?.status === "failed" ? status : null;
  });

it("pays nothing twice at a stop signal: running purchases arrive, and other workers find them", async () => {
  const [stopped, sound] = machines as [Machine, Machine];
  const owner = { name: "birch", key: await cloud.newKey("birch") };
  // The voices are under way when the job is handed back, at half of the stop deadline of 20 s.
  await cloud.breakOpenai({ latency_ms: { picture: 0, voice: 13_000 } });
  const film = await submit(cloud, history, owner, 3);
  await stopped.start();
  await until(async () => (await cloud.bill()).billed.some(({ capability }) => capability === "voice"));
  stopped.askToStop();
  expect(await stopped.exited).toEqual({ code: 0, signal: null });
  await stopped.stop();
  // The storyboard, and both voices that were under way.
  expect((await cloud.bill()).billed).toHaveLength(3);
  await sound.start();
  expect(await untilEnded(film)).toMatchObject({ status: "completed", attempt: 2 });
  await sound.stop();
  const { lines, outcome_unknown } = await costOf(film);
  expect([outcome_unknown, new Set(lines.map(({ state }) => state))]).toEqual([0, new Set(["paid"])]);
  expect([(await cloud.bill()).billed.length, lines.length]).toEqual([4, 4]);
});

it("buys once more, counts it, and fails the job the second time instead of paying a third", async () => {
  const [doomed, sound] = machines as [Machine, Machine];
  const owner = { name: "alder", key: await cloud.newKey("alder") };
  await cloud.breakOpenai({ latency_ms: { picture: 0, voice: 0 } });
  const before = (await cloud.bill()).billed.length;
  const ticking = setInterval(() => void cloud.sweep(), 2_000);
  try {
    const film = await submit(cloud, history, owner, 1);
    for (const unknown of [0, 1]) {
      await doomed.start("asset.bought");
      expect(await doomed.untilCrashed()).toBe(true);
      // The dead worker's charge stays `sent` until another attempt asks for the asset.
      expect((await costOf(film)).outcome_unknown).toBe(unknown);
    }
    await sound.start();
    const { status, error, cost_usd } = await untilEnded(film);
    expect([status, error]).toEqual([
      "failed",
      expect.objectContaining({ code: "ai.outcome_unknown", retryable: true }),
    ]);
    const cost = await costOf(film);
    expect(cost).toMatchObject({ outcome_unknown: 2, total_usd: cost_usd });
    expect(cost.lines.map(({ asset, state }) => `${asset} ${state}`)).toEqual([
      "text unknown",
      "text unknown",
    ]);
    // The provider's own bill: two storyboards, and nothing else.
    const billed = (await cloud.bill()).billed.slice(before);
    expect(tally(billed.map(({ capability }) => capability))).toEqual({ text: 2 });

    const other = await submit(cloud, history, owner, 2);
    expect((await untilEnded(other)).status).toBe("completed");
    expect((await costOf(other)).outcome_unknown).toBe(0);
  } finally {
    clearInterval(ticking);
  }
  await Promise.all(machines.map((machine) => machine.stop()));
  await cloud.stop();
  await readRows(stateDir, history);
  const states = entriesOf(history.entries, "charge").map(({ args }) => args.state);
  expect(tally(states)).toEqual({ unknown: 2, paid: states.length - 2 });
});
