/**
 * `npm run test:chaos`: one long run, and with `--sweep` a kill at every failpoint. Prints what was reached.
 *
 *   npm run test:chaos -- [--jobs 500] [--seed 1] [--workers 2] [--slots 3] [--kill-every 6] [--sweep]
 *     [--history file]
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { leaseSeconds } from "../../contract/limits.ts";
import { untilStopped } from "../../local/until-stopped.ts";
import { type ChaosReport, runChaos } from "./run-chaos.ts";
import { type SweepReport, sweepCrashPoints } from "./sweep-failpoints.ts";

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "2" },
    slots: { type: "string", default: "3" },
    "kill-every": { type: "string", default: "6" },
    sweep: { type: "boolean", default: false },
    history: { type: "string" },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);
const stateDir = () => mkdtempSync(join(tmpdir(), "dreamreel-chaos-"));
const stopped = untilStopped();
const sweep = values.sweep ? await sweepCrashPoints(stateDir(), say) : null;
const jobs = Number(values.jobs);
const report =
  jobs === 0
    ? null
    : await runChaos(
        {
          jobs,
          seed: Number(values.seed),
          workers: Number(values.workers),
          slots: Number(values.slots),
          stateDir: stateDir(),
          killEverySeconds: Number(values["kill-every"]),
          killEdgeAt: 0.5,
          queue: { duplicate_rate: 0.3 },
          wires: { edgeLoss: 0.2, storeLoss: 0, storeStalls: 0.03 },
          providerFailures: 0.1,
          malformedAnswers: 0.15,
          sweepEverySeconds: 60,
          recoveryMs: 90_000,
          stuckMs: leaseSeconds * 1000 + 60_000,
          webhookMs: 90_000,
          outageRetryWindowSeconds: 120 + 10 * jobs,
          signal: stopped.signal,
        },
        say,
      );
const lines = [...(sweep ? sweepRows(sweep) : []), ...(report ? chaosRows(report) : [])];
console.log(`\n${lines.map(([id, what]) => `${id.padEnd(5)} ${what}`).join("\n")}`);
const violations = [...(sweep?.violations ?? []), ...(report?.violations ?? [])];
for (const { rule, about, says } of violations) console.log(`${rule.padEnd(5)} ${about} ${says}`);
for (const { file, what } of report?.leaks ?? []) console.log(`A20   ${file} holds ${what}`);
if (values.history && report)
  writeFileSync(values.history, report.history.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
const failed =
  violations.length + (report?.leaks.length ?? 0) + (report ? jobs - (report.ends.completed ?? 0) : 0);
process.exit(failed === 0 ? 0 : 1);

function sweepRows({ died, jobs, completed, unknownPurchases, recoveries }: SweepReport): [string, string][] {
  const reached = Object.values(died).filter(Boolean).length;
  return [
    ["C02", `${reached} of ${Object.keys(died).length} failpoints, ${completed} of ${jobs} jobs completed`],
    ["", `claimed again after ${recoveries.map((ms) => `${Math.round(ms / 1000)} s`).join(", ")}`],
    ["C14", `${unknownPurchases} purchases of unknown outcome, each bought once more`],
  ];
}

function chaosRows(report: ChaosReport): [string, string][] {
  const { recoveries } = report;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    ["", `seed ${report.seed}, ${report.jobs} jobs in ${report.seconds} s, ${report.history.length} entries`],
    ["C01", `${JSON.stringify(report.ends)}, ${report.violations.length} broken promises`],
    ["C03", `${report.kills} kills of a worker, ${report.edgeKills} of the edge`],
    [
      "",
      `${recoveries.count} jobs taken up again: p50 ${seconds(recoveries.p50Ms)}, p95 ${seconds(recoveries.p95Ms)}, most ${seconds(recoveries.maxMs)}`,
    ],
    ["C04", `${report.duplicates} deliveries of jobs that the worker did not get`],
    ["C07", `${report.lostCalls} calls or replies between worker and edge lost`],
    [
      "C13",
      `${report.billed} calls on the provider's bill, ${report.bought} in the history, ${report.unknownPurchases} bought again after a kill or a broken call`,
    ],
    [
      "C14",
      `the ledger: ${report.ledger.paid} paid, ${report.ledger.unknown} unknown; ${report.askedAgain} films failed (an asset unknown twice, or three workers killed over one job) and were asked for again`,
    ],
    ["C15", `${report.stalledCalls} calls to the store were never answered, or not to their end`],
    ["", `malformed answers: ${JSON.stringify(report.malformed)}`],
    [
      "A13",
      `${report.webhooks.heard} messages taken by the receiver that answers, ${report.webhooks.takenInSilence} taken by the silent one`,
    ],
    ["A20", `${report.leaks.length} secrets, signed addresses or dreams' words in the logs`],
  ];
}
