/** How the local cloud starts, refuses and stops. demo-film.test.ts makes a film with it. */

import { existsSync, readFileSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it, vi } from "vitest";
import { findDatabase } from "../chaos/read-rows.ts";
import { until } from "../until.ts";
import { expectNothingLeft } from "./expect-nothing-left.ts";
import {
  pressCtrlC,
  processesHolding,
  runNpmScript,
  runScript,
  type Script,
  serveWorker,
  smallWorker,
  untilIn,
} from "./run-script.ts";

/**
 * Small films and bundled Workers, for tests whose promise is about neither: as many processes, half the CPU
 * time.
 */
const cheaply = { DREAMREEL_WORKER: smallWorker, DREAMREEL_WRANGLER: serveWorker };

const scripts: Script[] = [];
async function start(...args: Parameters<typeof runScript>): Promise<Script> {
  const script = await runScript(...args);
  scripts.push(script);
  return script;
}

afterEach(async () => {
  for (const script of scripts.splice(0)) {
    // Not SIGKILL, because then it could not stop its child processes.
    if (script.child.exitCode === null) script.child.kill("SIGTERM");
    await script.exit;
    rmSync(script.stateDir, { recursive: true, force: true });
  }
});

describe("npm run demo", () => {
  it("cancels its job and stops everything at Ctrl-C in the middle of a film", {
    timeout: 240_000,
  }, async () => {
    const script = await start("local/demo.ts", [], cheaply);
    await untilIn(script, () => /of \d+ scenes/.test(script.output.stderr));
    const said = script.output.stderr;
    expect(said, "no step is long and silent").toMatch(/database is up .*edge is up .*about \$0\.\d\d for/s);
    pressCtrlC(script);
    expect(await script.exit).toBe(130);
    await expectNothingLeft(script);
    // The state stays, and the next cloud's worker would go on with the film.
    const database = new DatabaseSync(await findDatabase(script.stateDir), { readOnly: true });
    expect(database.prepare("SELECT status FROM jobs").all()).toEqual([{ status: "cancelled" }]);
    database.close();
  });

  it("refuses an option that the API would refuse, before it starts anything", async () => {
    const script = await start("local/demo.ts", ["--aspect", "4:3"]);
    expect(await script.exit).toBe(64);
    expect(script.output.stderr).toMatch(/--aspect/);
  });
});

describe("npm run dev", () => {
  it("writes all addresses into stack.json, keeps its ports, and stops cleanly at SIGTERM to npm", {
    timeout: 240_000,
  }, async () => {
    const script = await runNpmScript("dev", [], cheaply);
    scripts.push(script);
    const path = `${script.stateDir}/stack.json`;
    await untilIn(script, () => existsSync(path));
    const stack = JSON.parse(readFileSync(path, "utf8"));
    const health = await Promise.all(
      ["edge_url", "queue_url", "worker_url"].map((name) => fetch(`${stack[name]}/health`)),
    );
    expect(health.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const dreams = await fetch(`${stack.edge_url}/dreams`, {
      headers: { authorization: `Bearer ${stack.api_key}` },
    });
    expect(dreams.status).toBe(200);
    for (const pid of Object.values(stack.pids)) expect(() => process.kill(pid as number, 0)).not.toThrow();
    const second = await start("local/dev.ts", [], { DREAMREEL_PORT: String(script.port) });
    expect(await second.exit).toBe(1);
    expect(second.output.stderr).toContain(`Port ${script.port} is taken`);
    script.child.kill("SIGTERM");
    expect(await script.exit).toBe(0);
    await expectNothingLeft(script);
    await until(() => processesHolding(script.stateDir).length === 0);
  });

  it("leaves nothing behind after a second Ctrl-C either", {
    timeout: 240_000,
  }, async () => {
    const script = await start("local/dev.ts", ["--no-reload"], cheaply);
    await untilIn(script, () => existsSync(`${script.stateDir}/stack.json`));
    script.child.kill("SIGTERM");
    script.child.kill("SIGINT");
    await script.exit;
    // Killed processes take a moment to free their ports.
    await vi.waitFor(() => expectNothingLeft(script), { timeout: 30_000 });
  });
});
