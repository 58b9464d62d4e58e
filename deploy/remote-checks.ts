/**
 * The doctor's checks of what is deployed. The deploy's plan lists what is missing or differs; a machine of
 * the pool runs the checks of its own environment.
 */
import { join } from "node:path";
import { z } from "zod";
import { type Check, describe } from "../doctor/check.ts";
import { checkDatabase } from "../doctor/checks/database.ts";
import { checkEdge } from "../doctor/checks/edge.ts";
import { checkHolds } from "../doctor/checks/holds.ts";
import { type Finding, fail, type Outcome, ok, skip, warn } from "../doctor/finding.ts";
import { type Blueprint, readBlueprint } from "./blueprint.ts";
import type { Found } from "./found.ts";
import { inspectAccount, queryRemote } from "./inspect/inspect-account.ts";
import { plan } from "./plan/plan.ts";
import { knownEdgeUrl } from "./plan/step.ts";
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

/** The checks. An account that cannot be read is a finding of its own. */
export async function remoteChecks(options: RemoteOptions, ports: RemotePorts): Promise<Check[]> {
  const { root } = options;
  let blueprint: Blueprint;
  let found: Awaited<ReturnType<typeof inspectAccount>>;
  try {
    blueprint = readBlueprint(root);
    found = await inspectAccount(blueprint, options, ports.run);
  } catch (error) {
    const reason =
      error instanceof ToolFailed ? `${error.message}: ${lastLine(error.output)}` : describe(error);
    return [
      fixed(
        "deployment",
        fail(`The deployment cannot be read. ${reason}`, "Repair this, then run the doctor again."),
      ),
    ];
  }
  const edgeUrl = knownEdgeUrl(found, { edgeUrl: null });
  return [
    { name: "deployment", run: async () => comparePlan(blueprint, found) },
    ...(found.database ? checkRemoteDatabase(blueprint, root, ports.run) : []),
    edgeUrl
      ? checkEdge(edgeUrl, ports.fetch, ports.now)
      : fixed("edge", skip("no machine has its address yet: npm run deploy")),
    checkMachine(found, ports),
  ];
}

const fixed = (name: string, outcome: Outcome): Check => ({ name, run: async () => outcome });

/** A missing part fails; a part of another version is a warning. */
function comparePlan(blueprint: Blueprint, found: Found & { appName: string }): Outcome[] {
  const options = { appName: found.appName, org: "", region: null, machines: null, edgeUrl: null };
  const random = { webhook: () => "", token: () => "" };
  const secrets = decideSecrets(blueprint, found, { given: {}, kept: {}, renew: [], random });
  const outcomes = plan(blueprint, found, options, secrets).map(({ what, isUpdate }) =>
    isUpdate
      ? warn(`Another version than this checkout's. To do: ${what}`, "npm run deploy")
      : fail(`To do: ${what}`, "npm run deploy"),
  );
  if (outcomes.length > 0) return outcomes;
  const states = found.app?.machines.map(({ state }) => state).join(", ");
  return [ok(`complete, and of this checkout's version; machines: ${states}`)];
}

function checkRemoteDatabase(blueprint: Blueprint, root: string, run: RunTool): Check[] {
  const query = queryRemote(blueprint.database, run);
  return [checkDatabase(query, join(root, "db", "migrations"), "npm run deploy"), checkHolds(query)];
}

const Report = z.object({
  findings: z.array(
    z.object({
      check: z.string(),
      status: z.enum(["ok", "warn", "fail", "skip"]),
      message: z.string().optional(),
      /** The field's name in images before 2026-11-27. */
      said: z.string().optional(),
      remedy: z.string().optional(),
    }),
  ),
});

/** Wakes a machine and runs the doctor in it, with the machine's environment, network and files. */
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
          `Check whether a machine starts: flyctl status --app ${appName}; flyctl logs --app ${appName}`,
        );
      return report.map(({ check, status, message, remedy }) => ({
        ...{ status, message: `${check}: ${message}` },
        ...(remedy ? { remedy } : {}),
      }));
    },
  };
}

/** The doctor's line in the output; flyctl may print lines of its own before and after it. */
function readReport(output: string): Finding[] | null {
  const line = output.split("\n").find((text) => text.startsWith('{"ok":'));
  if (!line) return null;
  const findings = Report.safeParse(JSON.parse(line)).data?.findings;
  return (
    findings?.map(({ check, status, message, said, remedy }) => ({
      check,
      status,
      message: message ?? said ?? "",
      ...(remedy ? { remedy } : {}),
    })) ?? null
  );
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
