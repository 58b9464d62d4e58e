/** The doctor's checks of a deployment, with replayed tools and the test's own edge. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readBlueprint } from "../../deploy/blueprint.ts";
import { remoteChecks } from "../../deploy/remote-checks.ts";
import { type Command, ToolFailed } from "../../deploy/tools.ts";
import { runChecks } from "../../doctor/check.ts";
import type { Answer } from "../deploy/checkout.ts";
import { app, commands, completeAccount, emptyAccount, type Look } from "../deploy/recorded.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "db", "migrations");
const migrations = readdirSync(folder)
  .filter((name) => name.endsWith(".sql"))
  .sort();
const complete = completeAccount({ ...readBlueprint(root), migrations });

describe("doctor --remote", () => {
  it("finds no fault in a complete deployment, and passes on a machine's findings", async () => {
    const { findings, asked } = await examine(complete);
    expect(findings).toEqual([
      ["deployment", "ok", expect.stringContaining("complete, and of this checkout")],
      ["database", "ok", expect.stringContaining("migrations are applied")],
      ["database", "ok", expect.stringContaining("the schema is the one of the migrations")],
      ["held jobs", "ok", "no AI provider holds jobs"],
      ["edge", "ok", expect.stringContaining("is healthy")],
      ["edge", "ok", expect.stringContaining("agree")],
      ["machine", "ok", "ffmpeg: fine"],
      ["machine", "fail", "callback secret: The edge refuses what this worker signs"],
    ]);
    expect(asked).toEqual(["https://dreamreel.dreams.workers.dev/health", `https://${app}.fly.dev/health`]);
  });

  it("finds a queue without its consumer and a secret that is missing", async () => {
    const { findings } = await examine({
      ...complete,
      standardConsumer: { stdout: "[]" },
      appSecrets: { stdout: "[]" },
    });
    const deployment = findings.filter(([check]) => check === "deployment");
    expect(deployment).toContainEqual([
      "deployment",
      "fail",
      "To do: Add the pull consumer of video-standard",
    ]);
    expect(deployment).toContainEqual(["deployment", "fail", expect.stringContaining("OPENAI_API_KEY")]);
  });

  it("warns that another version is deployed than this checkout's", async () => {
    const older = completeAccount({ edgeVersion: "0", imageVersion: "0", migrations });
    const { findings } = await examine(older);
    const deployment = findings.filter(([check]) => check === "deployment");
    expect(deployment.map(([, status]) => status)).toEqual(["warn", "warn"]);
  });

  it("says what is missing in an empty account, and what cannot be checked", async () => {
    const { findings } = await examine(emptyAccount);
    expect(findings).toContainEqual(["deployment", "fail", "To do: Create the database dreamreel"]);
    expect(findings).toContainEqual(["edge", "skip", expect.stringContaining("npm run deploy")]);
    expect(findings).toContainEqual(["machine", "skip", "the pool has no machine"]);
  });

  it("says that there is no login", async () => {
    const { findings } = await examine({ whoami: { code: 1, stdout: '{"loggedIn":false}' } });
    expect(findings).toEqual([["deployment", "fail", expect.stringContaining("npx wrangler login")]]);
  });

  it("says that the doctor did not run in a machine", async () => {
    const { findings } = await examine(complete, {
      code: 1,
      stderr: `Error: app ${app} has no started VMs.`,
    });
    expect(findings.at(-1)).toEqual(["machine", "fail", expect.stringContaining("has no started VMs")]);
  });
});

const machineReport = {
  ok: false,
  findings: [
    { check: "ffmpeg", status: "ok", message: "fine" },
    {
      check: "callback secret",
      status: "fail",
      message: "The edge refuses what this worker signs",
      remedy: "…",
    },
  ],
};

async function examine(
  looks: Partial<Record<Look, Answer>>,
  // flyctl passes on the doctor's exit code.
  console: Answer = { code: 1, stdout: `Connecting to ${app}…\n${JSON.stringify(machineReport)}\n` },
) {
  const answers = new Map(
    Object.entries(looks).map(([look, answer]) => [commands[look as Look] as string, answer]),
  );
  const database = migratedDatabase();
  const asked: string[] = [];
  const run = async (command: Command): Promise<string> => {
    const line = [command.tool, ...command.args].join(" ");
    const query =
      /^wrangler d1 execute dreamreel --remote --json --command (SELECT (?:name, sql|capability,) .*)$/;
    const sql = query.exec(line)?.[1];
    if (sql) return JSON.stringify([{ results: database.prepare(sql).all() }]);
    const answer = line.startsWith("flyctl ssh console ") ? console : answers.get(line);
    if (!answer) throw new Error(`not recorded: ${line}`);
    if (answer.code)
      throw new ToolFailed(command, answer.code, `${answer.stdout ?? ""}\n${answer.stderr ?? ""}`);
    return answer.stdout ?? "";
  };
  const request = async (input: string | URL | Request) => {
    asked.push(String(input));
    return Response.json({ status: "ok" }, { headers: { date: new Date().toUTCString() } });
  };
  const checks = await remoteChecks(
    { root, accountId: null, app: null },
    { run, fetch: request as typeof fetch, now: Date.now },
  );
  const findings = await runChecks(checks);
  database.close();
  return { findings: findings.map(({ check, status, message }) => [check, status, message]), asked };
}

function migratedDatabase(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const file of migrations) database.exec(readFileSync(join(folder, file), "utf8"));
  return database;
}
