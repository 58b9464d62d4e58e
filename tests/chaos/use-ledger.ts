import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { startEdge } from "../edge/harness.ts";
import { openSimulator } from "../openai/start-simulator.ts";

/**
 * For one test file: an edge with its ledger, the AI simulator with its bill, a folder, and an owner's key.
 */
export async function useLedgerAndSimulator() {
  const [edge, simulator, folder] = await Promise.all([
    startEdge(),
    openSimulator(),
    mkdtemp(join(tmpdir(), "dreamreel-test-")),
  ]);
  afterAll(() => Promise.all([edge.close(), simulator.stop(), rm(folder, { recursive: true })]));
  return { edge, simulator, folder, key: (await edge.newKey()).key };
}
