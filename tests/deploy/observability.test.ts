/** Dashboard and alert rules use metrics that are served, and the runbook explains each alert. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configurationCodes } from "../../contract/ai-configuration.ts";
import { describeMetrics } from "../../edge/metrics/describe-metrics.ts";
import { printMetrics } from "../../edge/metrics/print-metrics.ts";
import { createMetrics } from "../../render-worker/runtime/metrics.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "deploy", "observability");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

const queue = { depth: 3, oldest_seconds: 12.5, waits: 4, waited_seconds: 9 };
const edgeText = printMetrics(
  describeMetrics({
    now: {
      queues: { premium: queue, standard: queue },
      ...{ processing: 1, workers: 1, slots: 2, completed: 1, failed: 1, cancelled: 0, requeued: 1 },
      ...{ spent_usd: 0.5, webhooks_pending: 0, outbox_overdue: 0, dead_letters: 1 },
      holds: [
        {
          ...{ capability: "text", code: "text.no_credit", probes: 1, probing: false, held_jobs: 7 },
          ...{ since: "2026-11-27T07:42:00Z", next_probe_at: "2026-11-27T07:43:00Z" },
        },
      ],
    },
    counters: [
      { name: "queue_wait_bucket", label: "premium 2", value: 3 },
      { name: "queue_wait_bucket", label: "premium +Inf", value: 1 },
      { name: "queue_wait_sum", label: "premium", value: 4000 },
      { name: "jobs_ended", label: "failed openai.refused", value: 1 },
      { name: "jobs_requeued", label: "standard", value: 1 },
      { name: "dead_letters", label: "redriven", value: 1 },
      { name: "cleanup", label: "films", value: 2 },
      { name: "sweep_failed", label: "outbox", value: 1 },
    ],
  }),
);

async function workerText(): Promise<string> {
  const metrics = createMetrics({ version: "1", region: "fra" }, { activeJobs: () => 1, slots: 2 });
  metrics.jobEnded("completed", "none");
  metrics.filmCompleted({ storyboard: 1, first_scene: 3, scenes: 5, film: 1, publish: 1 }, 0.8);
  metrics.aiCall("picture", "ok");
  metrics.spent("picture", 1000);
  metrics.assetReused("voice");
  metrics.marked("film", "signed");
  metrics.pulled("premium", "empty");
  metrics.circuit("picture", true);
  metrics.pricesDiffer(false);
  metrics.modelsEnding([{ model: "voice-1", replacement: "voice-2", ends_on: "2027-01-06" }]);
  return metrics.registry.metrics();
}

const seriesOf = (text: string) =>
  new Set([...text.matchAll(/^([a-z_]+)(?:\{| )/gm)].map(([, name]) => name));
const namesIn = (text: string) => [
  ...new Set([...text.matchAll(/\b((?:dream|process)_[a-z_]+)\b/g)].map(([, name]) => name as string)),
];

it("each metric of dashboard and alerts is served", async () => {
  const served = new Set([...seriesOf(edgeText), ...seriesOf(await workerText())]);
  for (const file of ["dashboard.json", "alerts.yml", "alerts.test.yml"]) {
    const names = namesIn(read(file));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !served.has(name))).toEqual([]);
  }
});

it("the dashboard shows every metric of ours that is served", async () => {
  const shown = new Set(
    namesIn(read("dashboard.json")).map((name) => name.replace(/_(bucket|sum|count)$/, "")),
  );
  const families = [...`${edgeText}${await workerText()}`.matchAll(/^# TYPE (dream_[a-z_]+)/gm)];
  expect(families.length).toBeGreaterThan(20);
  expect(families.map(([, name]) => name).filter((name) => !shown.has(name as string))).toEqual([]);
});

it("each alert has its row in the runbook", () => {
  const runbook = readFileSync(join(root, "docs", "runbook.md"), "utf8").toLowerCase();
  const alerts = [...read("alerts.yml").matchAll(/- alert: (\w+)/g)].map(([, name]) => name as string);
  expect(alerts.length).toBeGreaterThan(7);
  const words = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  expect(alerts.filter((name) => !runbook.includes(`| **${words(name)}**`))).toEqual([]);
});

it("an alert fires for every code of a wrong AI configuration", () => {
  const [rule = ""] = /error_code=~"\(text.*?"/.exec(read("alerts.yml")) ?? [];
  const pattern = new RegExp(`^(?:${rule.slice('error_code=~"'.length, -1)})$`);
  expect(configurationCodes.length).toBe(16);
  expect(configurationCodes.filter((code) => !pattern.test(code))).toEqual([]);
});

it("prints histograms that add up", () => {
  const lines = edgeText.split("\n").filter((line) => /queue_wait_seconds_\w+\{queue="premium"/.test(line));
  const count = (le: string) =>
    Number(
      lines
        .find((line) => line.includes(`le="${le}"`))
        ?.split(" ")
        .at(-1),
    );
  expect([count("0.5"), count("2"), count("3600"), count("+Inf")]).toEqual([0, 3, 3, 4]);
  expect(lines.at(-2)).toMatch(/_sum.* 4000$/);
  expect(lines.at(-1)).toMatch(/_count.* 4$/);
});

const promtool = (args: string[], input = "") =>
  spawnSync("promtool", args, { cwd: folder, input, encoding: "utf8" });

describe.skipIf(promtool(["--version"]).error !== undefined)("promtool", () => {
  it("finds nothing wrong with what the edge and the worker serve", async () => {
    for (const text of [edgeText, await workerText()]) {
      const { status, stdout, stderr } = promtool(["check", "metrics"], text);
      expect({ status, output: `${stdout}${stderr}` }).toEqual({ status: 0, output: "" });
    }
  });

  it("finds the rules valid, and that they fire when they should", () => {
    for (const args of [
      ["check", "rules", "alerts.yml"],
      ["test", "rules", "alerts.test.yml"],
      ["check", "config", "--syntax-only", "prometheus.yml"],
    ]) {
      const { status, stdout, stderr } = promtool(args);
      expect({ args, status, output: status === 0 ? "" : `${stdout}${stderr}` }).toEqual({
        args,
        status: 0,
        output: "",
      });
    }
  });
});
