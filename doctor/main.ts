/**
 * `npm run doctor`: finds faults and says how to repair them. Exits with 1 when there is a fault.
 *
 *   npm run doctor                this machine, and the local cloud of `npm run dev`
 *   npm run doctor -- --remote    the deployment: Cloudflare, Fly, and a render machine from inside
 *   node doctor/main.ts --worker  this machine as a worker, by its environment (runs inside the image)
 *   node doctor/main.ts --image   the tools that the image must have (the image's build runs it)
 *
 * `--app NAME` names the Fly app, if the deploy got that option. `--json` prints {ok, findings} instead of
 * lines.
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Check, runChecks } from "./check.ts";
import { realDisk } from "./checks/disk.ts";
import { printFindings } from "./print-findings.ts";
import { runCommand } from "./run-command.ts";
import { machineChecks, type WorkerPorts, workerChecks } from "./worker-checks.ts";

const root = join(dirnameOf(import.meta.url), "..");
const commandTimeoutMs = 30_000;

const { values: flags } = parseArgs({
  options: {
    remote: { type: "boolean", default: false },
    worker: { type: "boolean", default: false },
    image: { type: "boolean", default: false },
    app: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const ports: WorkerPorts = {
  run: (file, args) => runCommand(file, args, { env: process.env, timeoutMs: commandTimeoutMs }),
  fetch,
  now: Date.now,
  disk: realDisk,
  platform: process.platform,
};

const findings = await runChecks(await chooseChecks());
const healthy = findings.every(({ status }) => status !== "fail");
process.stdout.write(
  flags.json ? `${JSON.stringify({ ok: healthy, findings })}\n` : `${printFindings(findings)}\n`,
);
process.exit(healthy ? 0 : 1);

async function chooseChecks(): Promise<Check[]> {
  if (flags.image) return machineChecks(ports);
  if (flags.worker) return [...machineChecks(ports), ...workerChecks(process.env, "the environment", ports)];
  // The image does not contain these modules, so they are imported on demand.
  if (flags.remote) {
    const { remoteChecks } = await import("../deploy/remote-checks.ts");
    const { createRunTool } = await import("../deploy/tools.ts");
    const where = { root, accountId: process.env.CLOUDFLARE_ACCOUNT_ID ?? null, app: flags.app ?? null };
    return remoteChecks(where, { run: createRunTool(root, process.env), fetch, now: Date.now });
  }
  const { localChecks } = await import("./local-checks.ts");
  return localChecks(root, resolve(root, process.env.DREAMREEL_STATE ?? ".local"), process.env, ports);
}

function dirnameOf(url: string): string {
  return fileURLToPath(new URL(".", url));
}
