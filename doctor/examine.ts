import { addJsonOptions, type OutputOptions, withOutput } from "../command-line/output.ts";
import { createProgram } from "../command-line/program.ts";
import { type Check, runChecks } from "./check.ts";
import { realDisk } from "./checks/disk.ts";
import { printFindings } from "./print-findings.ts";
import { runCommand } from "./run-command.ts";
import type { WorkerPorts } from "./worker-checks.ts";

const commandTimeoutMs = 30_000;

/** What the checks use on this machine. */
export const realPorts: WorkerPorts = {
  run: (file, args) => runCommand(file, args, { env: process.env, timeoutMs: commandTimeoutMs }),
  fetch,
  now: Date.now,
  disk: realDisk,
  platform: process.platform,
};

/** The doctor's program without its choice of checks. */
export const createDoctor = (name: string, description: string, runAs?: string) =>
  addJsonOptions(createProgram(name, description), runAs);

/** Runs the checks, prints the findings, and sets the exit code: 1 when a check fails. */
export async function examine(checks: readonly Check[], options: OutputOptions): Promise<void> {
  await withOutput(options, async (output) => {
    const findings = await runChecks(checks);
    const ok = findings.every(({ status }) => status !== "fail");
    output.result({ ok, findings }, printFindings(findings));
    process.exitCode = ok ? 0 : 1;
  });
}
