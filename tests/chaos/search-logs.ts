/** Searches all logs of a run for text that they must never contain. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { grantShape } from "./clients.ts";

export interface Leak {
  file: string;
  what: string;
}

/** `secrets` by name. Signed film addresses are recognised by their form. */
export async function searchLogs(logDir: string, secrets: Record<string, string>): Promise<Leak[]> {
  const leaks: Leak[] = [];
  for (const file of await readdir(logDir)) {
    const text = await readFile(join(logDir, file), "utf8");
    for (const [what, secret] of Object.entries(secrets))
      if (text.includes(secret)) leaks.push({ file, what });
    if (grantShape.test(text) || /X-Amz-Signature=/i.test(text))
      leaks.push({ file, what: "a signed address" });
    if (/v1,[A-Za-z0-9+/]{43}=/.test(text)) leaks.push({ file, what: "a signature" });
  }
  return leaks;
}
