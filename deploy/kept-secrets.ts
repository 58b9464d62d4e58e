import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { RandomSecrets } from "./secrets.ts";

export const randomSecrets: RandomSecrets = {
  webhook: () => `whsec_${randomBytes(32).toString("base64")}`,
  token: () => randomBytes(32).toString("base64url"),
};

/** One file per account, so that a second account's deploy does not take the first one's secrets. */
export const keptSecretsPath = (root: string, accountId: string) =>
  join(root, ".deploy", `${accountId}.json`);

export function readKeptSecrets(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return {};
  }
  return z.record(z.string(), z.string()).parse(JSON.parse(text));
}

/** Whole or not at all: half a file would be a lost secret. */
export function keepSecrets(path: string, secrets: Record<string, string>): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
