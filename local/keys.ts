/** The local cloud's secrets and API key: made once, stored with the state. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Secrets {
  callback: string;
  playback: string;
  admin: string;
  queueToken: string;
}

/** The secrets in this state folder; makes them if there are none. */
export async function readSecrets(stateDir: string): Promise<Secrets> {
  const path = join(stateDir, "secrets.json");
  if (existsSync(path)) return JSON.parse(await readFile(path, "utf8")) as Secrets;
  const random = () => randomBytes(32).toString("base64url");
  const secrets = {
    callback: `whsec_${randomBytes(32).toString("base64")}`,
    playback: random(),
    admin: random(),
    queueToken: random(),
  };
  await writeFile(path, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/**
 * A premium API key.
 * @throws Error when the edge makes none
 */
export async function obtainApiKey(edgeUrl: string, adminKey: string, stateDir: string): Promise<string> {
  const path = join(stateDir, "api-key");
  if (existsSync(path)) return readFile(path, "utf8");
  const response = await fetch(`${edgeUrl}/admin/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify({ owner: "laptop", name: "local cloud", tier: "premium" }),
  });
  if (!response.ok) throw new Error(`The edge made no API key: ${response.status} ${await response.text()}`);
  const { key } = (await response.json()) as { key: string };
  await writeFile(path, key, { mode: 0o600 });
  return key;
}
