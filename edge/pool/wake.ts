/**
 * Wakes the pool: a signed request that starts a sleeping machine and lets a running one look into its queue at once.
 * It is only a hint: a worker that gets no wake looks by itself within seconds, and the sweep wakes again while jobs wait.
 */
import { signMessage } from "../../contract/signature.ts";
import { type Env, readSecrets } from "../env.ts";

/** A machine that has to start first takes seconds; one whose slots are all busy holds the request for a while. */
const timeoutMs = 10_000;

interface InFlightWake {
  since: number;
  /** Another wake was requested while this one was in flight. */
  again: boolean;
}

const inFlightWakes = new WeakMap<Env, InFlightWake>();

/**
 * Wakes after the answer, once per burst: while one wake is on its way, any number of others become one more after it,
 * so that what was enqueued last is seen too. Never throws. Without WORKER_WAKE_URL it does nothing.
 */
export function wakePool(env: Env, now: () => number, defer: (work: Promise<unknown>) => void): void {
  if (!env.WORKER_WAKE_URL) return;
  const inFlight = inFlightWakes.get(env);
  // One that outlived its own timeout was cut off together with its request.
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

/** One signed wake. True if a machine answered. Never throws. */
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

/** By every secret that we take: while one is being replaced, some workers know the old one only. */
function signWake(env: Env, nowMs: number, body: string) {
  const id = crypto.randomUUID();
  const signed = readSecrets(env).callback.map((secret) =>
    signMessage(secret, id, Math.floor(nowMs / 1000), body),
  );
  const [first] = signed;
  return { ...first, "webhook-signature": signed.map((one) => one["webhook-signature"]).join(" ") };
}
