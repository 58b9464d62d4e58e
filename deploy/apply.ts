import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outputs, Step } from "./plan/step.ts";
import { type Command, describeCommand, type RunTool } from "./tools.ts";

export interface ApplyPorts {
  run: RunTool;
  /** The ids of all queues, by name. */
  readQueueIds(): Promise<Outputs["queueIds"]>;
  say(line: string): void;
  now(): number;
}

/**
 * Carries out the steps in order and returns what they yield. Finished steps stay done, so the next run
 * continues.
 * @throws ToolFailed at the first step that fails; Error when a step needs a value that no earlier step
 *   yielded
 */
export async function apply(steps: readonly Step[], outputs: Outputs, ports: ApplyPorts): Promise<Outputs> {
  let known = outputs;
  for (const [index, { what, command, yields }] of steps.entries()) {
    const startedAt = ports.now();
    ports.say(`[${index + 1}/${steps.length}] ${what} …`);
    const line = command(known);
    if (line.args.some((arg) => /<(id|address) of /.test(arg)))
      throw new Error(`No earlier step yielded a value that this step needs: ${describeCommand(line)}`);
    if (yields === "edgeUrl") known = { ...known, edgeUrl: await deployWorker(line, ports.run) };
    else await ports.run(line);
    if (yields === "queueIds") known = { ...known, queueIds: await ports.readQueueIds() };
    ports.say(`      done in ${((ports.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return known;
}

/** Runs `wrangler deploy` and reads the Worker's address from wrangler's machine-readable output file. */
async function deployWorker(command: Command, run: RunTool): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-deploy-"));
  try {
    const record = join(folder, "wrangler.ndjson");
    await run({ ...command, env: { WRANGLER_OUTPUT_FILE_PATH: record } });
    const url = readEdgeUrl(await readFile(record, "utf8"));
    if (url) return url;
    throw new Error(
      "wrangler deployed the Worker but reported no address. Pass it with --edge-url https://…",
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * The Worker's address in wrangler's output file: a custom domain if there is one, else workers.dev; or null.
 */
export function readEdgeUrl(record: string): string | null {
  const entries = record
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { type: string; targets?: string[] });
  const targets = entries.findLast(({ type }) => type === "deploy")?.targets ?? [];
  const custom = targets.map((target) => /^(\S+) \(custom domain\b/.exec(target)?.[1]).find(Boolean);
  if (custom) return `https://${custom}`;
  return targets.find((target) => target.startsWith("https://")) ?? null;
}
