/** The doctor against the real local cloud: first healthy, then with faults. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Finding } from "../../doctor/finding.ts";
import { runCommand } from "../../doctor/run-command.ts";
import { findDatabase } from "../chaos/read-rows.ts";
import { root, runScript, type Script, serveWorker, untilIn } from "../stack/run-script.ts";

let cloud: Script;
const stackFile = () => join(cloud.stateDir, "stack.json");

beforeAll(async () => {
  cloud = await runScript("local/dev.ts", ["--no-reload"], { DREAMREEL_WRANGLER: serveWorker });
  await untilIn(cloud, () => readStack() !== null);
});

afterAll(async () => {
  cloud.child.kill("SIGTERM");
  await cloud.exit;
  rmSync(cloud.stateDir, { recursive: true, force: true });
});

it("finds no fault in a cloud that has just started", async () => {
  const { code, findings } = await runDoctor();
  // A laptop has no certificate.
  expect(findings.filter(({ status }) => status !== "ok")).toMatchObject([
    { check: "content credentials", status: "warn", message: expect.stringContaining("a local CA signs") },
  ]);
  expect(new Set(findings.map(({ check }) => check))).toEqual(
    new Set([
      ...["ffmpeg", "fonts", "camera kernel", "database", "local cloud", "configuration", "disk"],
      ...["queues", "storage", "AI keys", "models", "content credentials", "edge", "callback secret"],
      "held jobs",
    ]),
  );
  expect(code).toBe(0);
});

it("finds a wrong token, a wrong key, another callback secret and a migration that is not applied", async () => {
  const stack = readStack() as {
    pids: { openai: number; worker: number };
    worker_env?: Record<string, string>;
  };
  const workerEnv = stack.worker_env ?? readEnvironment(stack.pids.worker);
  stack.worker_env = {
    ...workerEnv,
    CLOUDFLARE_API_TOKEN: "revoked",
    S3_SECRET_ACCESS_KEY: "wrong",
    CALLBACK_SECRET: `whsec_${Buffer.alloc(32, 9).toString("base64")}`,
  };
  writeFileSync(stackFile(), JSON.stringify(stack));
  await forgetLastMigration();

  const { code, findings } = await runDoctor();
  expect(code).toBe(1);
  const message = (check: string) =>
    findings
      .filter((finding) => finding.check === check && finding.status === "fail")
      .map((finding) => finding.message);
  expect(message("queues")).toEqual(["Cloudflare refuses the queues' token."]);
  expect(message("storage")).toEqual([expect.stringContaining("dreamreel-media cannot be written")]);
  expect(message("callback secret")).toEqual([expect.stringContaining("different secrets")]);
  expect(message("local cloud")).toEqual([]);
  expect(message("database")).toEqual([expect.stringMatching(/^1 of \d+ migrations are not applied/)]);
  expect(message("edge")).toEqual([]);
});

async function runDoctor(): Promise<{ code: number; findings: Finding[] }> {
  const { code, stdout, stderr } = await runCommand(process.execPath, ["local/doctor.ts", "--json"], {
    cwd: root,
    // A person's own log level, at which wrangler prints no answers.
    env: { ...process.env, DREAMREEL_STATE: cloud.stateDir, WRANGLER_LOG: "error" },
    timeoutMs: 200_000,
  });
  expect(stderr).toBe("");
  return { code, findings: JSON.parse(stdout).findings };
}

async function forgetLastMigration(): Promise<void> {
  const database = new DatabaseSync(await findDatabase(cloud.stateDir));
  database.exec("DELETE FROM d1_migrations WHERE id = (SELECT max(id) FROM d1_migrations)");
  database.close();
}

function readStack(): unknown {
  try {
    return JSON.parse(readFileSync(stackFile(), "utf8"));
  } catch {
    return null;
  }
}

const readEnvironment = (pid: number): Record<string, string> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, "utf8")
      .split("\0")
      .filter(Boolean)
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
