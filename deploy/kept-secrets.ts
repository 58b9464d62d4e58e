import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { RandomSecrets } from "./secrets.ts";

/** Secrets from the system's random generator. */
export const randomSecrets: RandomSecrets = {
  webhook: () => `whsec_${randomBytes(32).toString("base64")}`,
  token: () => randomBytes(32).toString("base64url"),
};

/** The file of the secrets that the deploy made: one per account, so that accounts never share secrets. */
export const keptSecretsPath = (root: string, accountId: string) =>
  join(root, ".deploy", `${accountId}.json`);

/** The stored secrets by name; empty when there is no file. */
export function readKeptSecrets(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return {};
  }
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}

/** Stores the secrets by an atomic rename: a file that is cut off would lose secrets. */
export function keepSecrets(path: string, secrets: Record<string, string>): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
