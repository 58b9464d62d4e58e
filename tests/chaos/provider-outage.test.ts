/**
 * A drill: the account of an AI provider runs out of money while real workers make films. No film fails,
 * nothing is bought that is not used, the alert fires, and all films are made after the account is filled, by
 * themselves.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "../../local/root.ts";
import { tally } from "../edge/harness.ts";
import { until } from "../until.ts";
import { look } from "./clients.ts";
import { type FewWorkers, openFewWorkers } from "./few-workers.ts";

/** 36 in `npm run test:long`. */
const films = process.env.LONG ? 36 : 6;

let few: FewWorkers;
beforeAll(async () => {
  few = await openFewWorkers();
});
afterAll(() => few?.close());

const metrics = async () =>
  (
    await fetch(`${few.cloud.edgeUrl}/metrics`, {
      headers: { authorization: `Bearer ${few.cloud.secrets.admin}` },
    })
  ).text();

/** The names of the alerts that fire 20 minutes after the edge began to serve these metrics. */
function alertsFor(scraped: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "dreamreel-alerts-"));
  copyFileSync(join(root, "deploy/observability/alerts.yml"), join(folder, "alerts.yml"));
  const series = scraped
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [name, value] = line.split(/ (?=\S+$)/);
      return { series: name, values: `${value}x30` };
    });
  // Expects no alert at all, so that promtool prints those that fire.
  const names = [
    ...["QueueHeld", "QueueHangs", "NoWorkers", "BacklogAge", "FailureRate", "AiConfiguration"],
    "OutboxOverdue",
  ];
  const test = {
    rule_files: ["alerts.yml"],
    tests: [
      {
        interval: "1m",
        input_series: series,
        alert_rule_test: names.map((alertname) => ({ eval_time: "20m", alertname, exp_alerts: [] })),
      },
    ],
  };
  writeFileSync(join(folder, "test.yml"), JSON.stringify(test));
  const { stdout, stderr, error } = spawnSync("promtool", ["test", "rules", "test.yml"], {
    cwd: folder,
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  if (error) throw error;
  return names.filter((name) => `${stdout}${stderr}`.includes(`alertname="${name}"`));
}

it(`makes ${films} films after an outage that began while they were made, and fails none`, async () => {
  const { cloud, history } = few;
  await cloud.breakOpenai({
    latency_ms: { text: 500, voice: 100, picture: 0 },
    faults: [{ kind: "insufficient_quota", capability: "voice", rate: 1, status: 429 }],
  });
  const asked = await Promise.all(Array.from({ length: films }, () => few.ask()));
  const statuses = async () => Promise.all(asked.map((film) => look(cloud, history, film)));
  for (const name of ["one", "two"]) await few.newMachine(name, 4).start();
  await until(async () => (await metrics()).includes("dream_held_jobs{"));
  // Every film is back in the queue, and its owner is told why it waits.
  await until(statuses, (all) => all.every((status) => status?.held?.code === "voice.no_credit"));
  const refused = (await cloud.bill()).unbilled.length;
  // A machine that is new, and remembers no refusal, gets none of the films.
  await few.newMachine("new", 4).start();
  await few.machines.at(-1)?.untilServing();
  await cloud.sweep();
  const scraped = await metrics();
  if (spawnSync("promtool", ["--version"]).error === undefined)
    expect(alertsFor(scraped)).toEqual(["QueueHeld"]);
  // One film at a time asks again. A film asks for one voice first, and for the others if that is answered.
  expect((await cloud.bill()).unbilled.length - refused).toBeLessThan(films);

  await cloud.breakOpenai({ latency_ms: { text: 0, voice: 0, picture: 0 }, faults: [] });
  const ended = await until(
    statuses,
    (all) => all.every((status) => status?.status === "completed"),
    280_000,
  );
  expect(tally(ended.map((status) => status?.status ?? "none"))).toEqual({ completed: films });
  const { billed } = await cloud.bill();
  const bought = tally(billed.map(({ capability }) => capability));
  const voices = ended.reduce((sum, status) => sum + (status?.scenes.total ?? 0), 0);
  expect(bought).toEqual({ text: films, picture: films, voice: voices });
  expect(await metrics()).not.toContain("dream_held_jobs{");
}, 300_000);
