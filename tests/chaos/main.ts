/**
 * `npm run test:chaos`: one long run, and with `--sweep` a kill at every failpoint. Prints what was reached.
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { createProgram, numberBy, runProgram } from "../../command-line/program.ts";
import { untilStopped } from "../../local/until-stopped.ts";
import { type ChaosReport, runChaos } from "./run-chaos.ts";
import { type SweepReport, sweepCrashPoints } from "./sweep-failpoints.ts";

const say = (line: string) => process.stderr.write(`${line}\n`);
const stateDir = () => mkdtempSync(join(tmpdir(), "dreamreel-chaos-"));
const whole = numberBy(z.int("It must be a whole number").min(0));
const program = createProgram(
  "npm run test:chaos --",
  "One long run, and with --sweep a kill at every failpoint.",
)
  .option("--jobs <n>", "jobs of the long run; 0: none", whole, 500)
  .option("--seed <n>", "of all chances", whole, 1)
  .option("--workers <n>", "workers", whole, 2)
  .option("--slots <n>", "jobs at a time of each worker", whole, 3)
  .option("--kill-every <seconds>", "between the kills of a worker", whole, 6)
  .option("--sweep", "a kill at every failpoint")
  .option("--history <file>", "write the history to this file")
  .action(runAll);
await runProgram(program);
process.exit();

interface Values {
  jobs: number;
  seed: number;
  workers: number;
  slots: number;
  killEvery: number;
  sweep?: true | undefined;
  history?: string | undefined;
}

async function runAll(values: Values): Promise<void> {
  const stopped = untilStopped();
  const sweep = values.sweep ? await sweepCrashPoints(stateDir(), say) : null;
  const { jobs } = values;
  const report =
    jobs === 0
      ? null
      : await runChaos(
          {
            jobs,
            seed: values.seed,
            workers: values.workers,
            slots: values.slots,
            stateDir: stateDir(),
            killEverySeconds: values.killEvery,
            killEdgeAt: 0.5,
            queue: { duplicate_rate: 0.3 },
            wires: { edgeLoss: 0.2, storeLoss: 0, storeStalls: 0.03 },
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
  const { completed = 0, cancelled = 0 } = report?.ends ?? {};
  const failed =
    violations.length + (report?.leaks.length ?? 0) + (report ? jobs - completed - cancelled : 0);
  process.exitCode = failed === 0 ? 0 : 1;
}

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
      `${recoveries.count} jobs of killed workers taken over: p50 ${seconds(recoveries.p50Ms)}, p95 ${seconds(recoveries.p95Ms)}, most ${seconds(recoveries.maxMs)}`,
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
    [
      "I16",
      `${report.waited.paused} films waited for their owner: ${report.waited.wentOn} went on after ${report.waited.approvals} approvals, ${report.waited.cancels} were cancelled`,
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
