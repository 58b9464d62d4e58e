/**
 * Wakes the pool: a signed request that starts a stopped machine, and makes a running one look into its queue
 * at once. It is only a hint: a worker without a wake polls within seconds, and the sweep wakes again while
 * jobs wait.
 */
import { signMessage } from "../../contract/signature.ts";
import { type Env, readSecrets } from "../env.ts";

/** A machine that has to start needs seconds; a machine without free slots holds the request for a while. */
const timeoutMs = 10_000;

interface InFlightWake {
  since: number;
  /** Another wake was requested while this one was in flight. */
  again: boolean;
}

const inFlightWakes = new WeakMap<Env, InFlightWake>();

/**
 * Wakes the pool after the answer, once per burst: wakes that are requested while one is in flight become one
 * more after it, so the newest job is seen too. Never throws. Without WORKER_WAKE_URL it does nothing.
 */
export function wakePool(env: Env, now: () => number, defer: (work: Promise<unknown>) => void): void {
  if (!env.WORKER_WAKE_URL) return;
  const inFlight = inFlightWakes.get(env);
  // A wake that is older than its own timeout was cut off together with its request.
  if (inFlight && now() - inFlight.since < timeoutMs + 1_000) {
    inFlight.again = true;
    return;
  }
  const wake: InFlightWake = { since: now(), again: false };
  inFlightWakes.set(env, wake);
  defer(sendAndRepeat(env, wake, now));
}

async function sendAndRepeat(env: Env, wake: InFlightWake, now: () => number): Promise<void> {
  await sendWake(env, now());
  if (wake.again) await sendWake(env, now());
  if (inFlightWakes.get(env) === wake) inFlightWakes.delete(env);
}

/** Sends one signed wake. True if a machine answered. Never throws. */
export async function sendWake(env: Env, nowMs: number): Promise<boolean> {
  if (!env.WORKER_WAKE_URL) return false;
  const body = "{}";
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
