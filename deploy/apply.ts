import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Facts, Step } from "./plan.ts";
import { type Command, describeCommand, type RunTool } from "./tools.ts";

export interface ApplyPorts {
  run: RunTool;
  /** By name. */
  learnQueueIds(): Promise<Facts["queueIds"]>;
  say(line: string): void;
  now(): number;
}

/** Does the steps in order and stops at the first that fails: what is done stays done, the next run goes on. */
export async function apply(steps: readonly Step[], facts: Facts, ports: ApplyPorts): Promise<Facts> {
  let known = facts;
  for (const [index, { what, command, teaches }] of steps.entries()) {
    const startedAt = ports.now();
    ports.say(`[${index + 1}/${steps.length}] ${what} …`);
    const line = command(known);
    if (line.args.some((arg) => /<(id|address) of /.test(arg)))
      throw new Error(`A step needs what no step has told: ${describeCommand(line)}`);
    if (teaches === "edgeUrl") known = { ...known, edgeUrl: await deployWorker(line, ports.run) };
    else await ports.run(line);
    if (teaches === "queueIds") known = { ...known, queueIds: await ports.learnQueueIds() };
    ports.say(`      done in ${((ports.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  return known;
}

/** Runs `wrangler deploy` and reads the Worker's address from the record that it writes for programs. */
async function deployWorker(command: Command, run: RunTool): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-deploy-"));
  try {
    const record = join(folder, "wrangler.ndjson");
    await run({ ...command, env: { WRANGLER_OUTPUT_FILE_PATH: record } });
    const url = readEdgeUrl(await readFile(record, "utf8"));
    if (url) return url;
    throw new Error("wrangler deployed the Worker but told no address. Say it with --edge-url https://…");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A custom domain before workers.dev: whoever set one up wants it used. */
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
