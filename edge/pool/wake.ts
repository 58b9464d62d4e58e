/**
 * Wakes the pool: a signed request that starts a stopped machine, and makes a running one look into its queue
 * at once. It is only a hint: a worker without a wake polls within seconds, and the sweep wakes again while
 * jobs wait.
 */
import type { Priority } from "../../contract/film.ts";
import { signMessage } from "../../contract/signature.ts";
import type { Wake } from "../../contract/worker-heartbeat.ts";
import { type Env, readSecrets } from "../env.ts";

/** A machine that has to start needs seconds; a machine without free slots holds the request for a while. */
const timeoutMs = 10_000;

interface InFlightWake {
  since: number;
  /** The newest of the wakes that were requested while this one was in flight. */
  again: Wake | null;
}

const inFlightWakes = new WeakMap<Env, InFlightWake>();

/**
 * Wakes the pool after the answer, once per burst: wakes that are requested while one is in flight become one
 * more after it, so the newest job is seen too. Never throws. Without WORKER_WAKE_URL it does nothing.
 *
 * @param queue the queue that has the message; absent: any
 */
export function wakePool(
  env: Env,
  now: () => number,
  defer: (work: Promise<unknown>) => void,
  queue?: Priority,
): void {
  if (!env.WORKER_WAKE_URL) return;
  const inFlight = inFlightWakes.get(env);
  // A wake that is older than its own timeout was cut off together with its request.
  if (inFlight && now() - inFlight.since < timeoutMs + 1_000) {
    inFlight.again = { queue };
    return;
  }
  const wake: InFlightWake = { since: now(), again: null };
  inFlightWakes.set(env, wake);
  defer(sendAndRepeat(env, wake, now, { queue }));
}

async function sendAndRepeat(env: Env, wake: InFlightWake, now: () => number, said: Wake): Promise<void> {
  await sendWake(env, now(), said);
  if (wake.again) await sendWake(env, now(), wake.again);
  if (inFlightWakes.get(env) === wake) inFlightWakes.delete(env);
}

/** Sends one signed wake. True if a machine answered. Never throws. */
export async function sendWake(env: Env, nowMs: number, said: Wake = {}): Promise<boolean> {
  if (!env.WORKER_WAKE_URL) return false;
  const body = JSON.stringify(said);
  try {
    const response = await fetch(env.WORKER_WAKE_URL, {
      method: "POST",
      headers: { "content-type": "application/json", ...signWake(env, nowMs, body) },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return true;
    console.warn(JSON.stringify({ event: "pool.wake_refused", status: response.status }));
  } catch (error) {
    console.warn(JSON.stringify({ event: "pool.wake_failed", reason: String(error) }));
  }
  return false;
}

/** Signs with every accepted secret: during a change of secrets some workers know only the old one. */
function signWake(env: Env, nowMs: number, body: string) {
  const id = crypto.randomUUID();
  const signed = readSecrets(env).callback.map((secret) =>
    signMessage(secret, id, Math.floor(nowMs / 1000), body),
  );
  const [first] = signed;
  return { ...first, "webhook-signature": signed.map((one) => one["webhook-signature"]).join(" ") };
}
