import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { untilStopped } from "../../local/until-stopped.ts";
import { runChaos } from "./run-chaos.ts";

const { values } = parseArgs({
  options: {
    jobs: { type: "string", default: "20" },
    seed: { type: "string", default: "1" },
    "kill-every": { type: "string", default: "4" },
    slots: { type: "string", default: "3" },
    history: { type: "string" },
  },
});
const report = await runChaos(
  {
    jobs: Number(values.jobs),
    seed: Number(values.seed),
    workers: 2,
    slots: Number(values.slots),
    stateDir: mkdtempSync(join(tmpdir(), "dreamreel-chaos-")),
    killEverySeconds: Number(values["kill-every"]),
    killEdgeAt: 0.5,
    queue: { duplicate_rate: 0.3 },
    wires: { edgeLoss: 0.2, storeLoss: 0 },
    providerFailures: 0.1,
    sweepEverySeconds: 3,
    recoveryMs: 60_000,
    patienceSeconds: 900,
    signal: untilStopped().signal,
  },
  (line) => process.stderr.write(`${line}\n`),
);
const { history, ...rest } = report;
if (values.history)
  writeFileSync(values.history, history.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
console.log(JSON.stringify(rest, null, 1));
process.exit(report.violations.length + report.leaks.length === 0 ? 0 : 1);
