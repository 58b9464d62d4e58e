/**
 * The doctor's look at what is deployed. What is missing or differs is what the deploy would do, so its plan is the
 * check; what a worker sees is asked of a worker, inside its machine.
 */
import { join } from "node:path";
import { z } from "zod";
import { type Check, describe } from "../doctor/check.ts";
import { checkDatabase } from "../doctor/checks/database.ts";
import { checkEdge } from "../doctor/checks/edge.ts";
import { type Finding, fail, type Outcome, ok, skip, warn } from "../doctor/finding.ts";
import { type Blueprint, readBlueprint } from "./blueprint.ts";
import type { Found } from "./found.ts";
import { inspect, queryRemote } from "./inspect.ts";
import { knownEdgeUrl, plan } from "./plan.ts";
import { decideSecrets } from "./secrets.ts";
import { type RunTool, ToolFailed } from "./tools.ts";

export interface RemotePorts {
  run: RunTool;
  fetch: typeof fetch;
  now(): number;
}

export interface RemoteOptions {
  root: string;
  accountId: string | null;
  app: string | null;
}

export async function remoteChecks(options: RemoteOptions, ports: RemotePorts): Promise<Check[]> {
  const { root } = options;
  let blueprint: Blueprint;
  let found: Awaited<ReturnType<typeof inspect>>;
  try {
    blueprint = readBlueprint(root);
    found = await inspect(blueprint, options, ports.run);
  } catch (error) {
    const said =
      error instanceof ToolFailed ? `${error.message}: ${lastLine(error.output)}` : describe(error);
    return [alone("deployment", fail(`It can not be looked at. ${said}`, "Repair that, then ask again."))];
  }
  const edgeUrl = knownEdgeUrl(found, { edgeUrl: null });
  return [
    { name: "deployment", run: async () => judge(blueprint, found) },
    ...(found.database ? [checkRemoteDatabase(blueprint, root, ports.run)] : []),
    edgeUrl
      ? checkEdge(edgeUrl, ports.fetch, ports.now)
      : alone("edge", skip("no machine knows its address yet: npm run deploy")),
    checkMachine(found, ports),
  ];
}

const alone = (name: string, outcome: Outcome): Check => ({ name, run: async () => outcome });

/** A part that is missing is a fault; a part of another version is only news. */
function judge(blueprint: Blueprint, found: Found & { appName: string }): Outcome[] {
  const wish = { appName: found.appName, org: "", region: null, machines: null, edgeUrl: null };
  const random = { webhook: () => "", token: () => "" };
  const secrets = decideSecrets(blueprint, found, { given: {}, kept: {}, renew: [], random });
  const outcomes = plan(blueprint, found, wish, secrets).map(({ what, isUpdate }) =>
    isUpdate
      ? warn(`Not what this checkout holds. To do: ${what}`, "npm run deploy")
      : fail(`To do: ${what}`, "npm run deploy"),
  );
  if (outcomes.length > 0) return outcomes;
  const states = found.app?.machines.map(({ state }) => state).join(", ");
  return [ok(`everything is there and as this checkout has it; machines: ${states}`)];
}

const checkRemoteDatabase = (blueprint: Blueprint, root: string, run: RunTool) =>
  checkDatabase(queryRemote(blueprint.database, run), join(root, "db", "migrations"), "npm run deploy");

const Report = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.enum(["ok", "warn", "fail", "skip"]),
      said: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});

/** Wakes a machine and runs the doctor in it, with that machine's own environment, network and files. */
function checkMachine(
  { app, appName }: Found & { appName: string },
  { run, fetch: request }: RemotePorts,
): Check {
  return {
    name: "machine",
    async run() {
      if (!app?.machines.length) return skip("the pool has no machine");
      await request(`https://${appName}.fly.dev/health`, { signal: AbortSignal.timeout(30_000) }).catch(
        () => null,
      );
      const command = "node /app/doctor/main.ts --worker --json";
      const args = ["ssh", "console", "--app", appName, "--user", "node", "--quiet", "--command", command];
      const output = await run({ tool: "flyctl", args }).catch((error: unknown) => {
        if (error instanceof ToolFailed) return error.output;
        throw error;
      });
      const report = readReport(output);
      if (!report)
        return fail(
          `The doctor did not run in a machine: ${lastLine(output)}`,
          `Does one start? flyctl status --app ${appName}; flyctl logs --app ${appName}`,
        );
      return report.map(({ check, status, said, remedy }) => ({
        ...{ status, said: `${check}: ${said}` },
        ...(remedy ? { remedy } : {}),
      }));
    },
  };
}

/** flyctl may say things of its own before and after. */
function readReport(output: string): Finding[] | null {
  const line = output.split("\n").find((text) => text.startsWith('{"ok":'));
  if (!line) return null;
  return (Report.safeParse(JSON.parse(line)).data?.findings as Finding[] | undefined) ?? null;
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
