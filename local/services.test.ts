import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { listServices } from "./services.ts";

const secrets = { callback: "c", playback: "p", admin: "a", queueToken: "q" };

it("a worker that is started again is the same machine to its edge, and another cloud's worker is another", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "dreamreel-services-"));
  const workerId = async (port: number) => {
    const services = await listServices({ port, stateDir }, secrets, {});
    return services.find(({ name }) => name === "worker")?.env.WORKER_ID;
  };
  const first = await workerId(8700);
  expect(first).toMatch(/./);
  expect(await workerId(8700)).toBe(first);
  expect(await workerId(8720)).not.toBe(first);
  rmSync(stateDir, { recursive: true });
});
