import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";

/**
 * Makes workers report all their jobs at once, over their presence connections, so that they learn what they
 * must know. Never throws: a worker without a connection reports every few seconds.
 */
export async function askForReports(env: Env, workerIds: readonly string[]): Promise<void> {
  try {
    await env.LEASES.getByName("all").askForReports(workerIds);
  } catch (error) {
    console.warn(JSON.stringify({ event: "leases.unreachable", reason: reasonOf(error) }));
  }
}
