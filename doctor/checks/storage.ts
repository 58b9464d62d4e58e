import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createStorage, type Storage } from "../../render-worker/clients/storage.ts";
import type { Config } from "../../render-worker/runtime/config.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, ok } from "../finding.ts";

/** Each run overwrites it. */
const probeKey = "doctor/probe.txt";
const timeoutMs = 20_000;

/** The worker's key can write to the bucket and read from it. */
export function checkStorage(config: Config["storage"], text: string): Check {
  return {
    name: "storage",
    async run() {
      const storage = createStorage(config);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        await storage.put(probeKey, text, "text/plain", signal);
      } catch (error) {
        return fail(
          `${config.bucket} cannot be written: ${describe(error)}`,
          "Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY to the key of a token with Object Read & Write on the bucket; " +
            "check S3_ENDPOINT and S3_BUCKET.",
        );
      }
      const back = await readBack(storage, signal).catch(() => null);
      if (back === text) return ok(`${config.bucket} can be written and read`);
      return fail(
        `${config.bucket} can be written but not read.`,
        "Give the S3 key the permission Object Read as well.",
      );
    },
  };
}

async function readBack(storage: Storage, signal: AbortSignal): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-doctor-"));
  try {
    const path = join(folder, "probe.txt");
    return (await storage.fetchInto(probeKey, path, signal)) ? await readFile(path, "utf8") : null;
  } finally {
    await rm(folder, { recursive: true });
  }
}
