/** An idle pool ends by itself, and a film that is requested afterwards is made. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ProcessGroup } from "../../local/process-group.ts";
import { type Cloud, startCloud } from "../chaos/cloud.ts";
import { freePort } from "../free-port.ts";
import { askForFilm, startQuickWorker, untilCompleted } from "./quick-pool.ts";
import { type SleepingPool, startSleepingPool } from "./sleeping-pool.ts";

const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-sleep-"));
let cloud: Cloud;
let pool: SleepingPool;
const machines: ProcessGroup[] = [];
beforeAll(async () => {
  const port = await freePort();
  pool = await startSleepingPool(`http://127.0.0.1:${port}`, async () => {
    const machine = await startQuickWorker(cloud, { port, slots: 1, filmMs: 50, idleExitSeconds: 1 });
    machines.push(machine);
    return machine;
  });
  cloud = await startCloud(stateDir, { wakeUrl: `${pool.url}/wake` });
});
afterAll(async () => {
  await pool.close();
  await cloud.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

it("is started by a finish, exits with 0 when idle, and is started by the next finish", {
  timeout: 240_000,
}, async () => {
  const key = await cloud.newKey("ada");
  for (const starts of [1, 2]) {
    await untilCompleted(cloud, [await askForFilm(cloud, key)], 100);
    expect(pool.starts).toBe(starts);
    expect(await machines[starts - 1]?.exited).toEqual({ code: 0, signal: null });
  }
});
