import { signMessage } from "../../contract/signature.ts";
import { continueTrace } from "../../contract/trace.ts";
import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";
import { publicDns, refuseHost } from "./look-up.ts";
import { refuseAddress } from "./refuse-address.ts";
import type { Attempted } from "./retry.ts";

const timeoutMs = 15_000;
/** Bytes of the answer that are read and dropped, so that a receiver can end its answer in order. */
const answerBytes = 64 * 1024;

/** Sends one signed message to an allowed address. Only the status of the answer is kept. Never throws. */
export async function postMessage(
  env: Env,
  message: { id: string; body: string; url: string; secret: string; traceparent: string | null },
  nowMs: number,
): Promise<Attempted> {
  const { id, body, url, secret, traceparent } = message;
  const allowPrivate = env.WEBHOOKS_ALLOW_PRIVATE === "1";
  if (refuseAddress(url, allowPrivate) !== null) return { error: "address.refused" };
  const refused = allowPrivate
    ? null
    : await refuseHost(new URL(url).hostname, env.WEBHOOKS_DNS_URL ?? publicDns);
  if (refused !== null) return { error: refused };
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "Dreamreel-Webhooks/1.0",
        traceparent: continueTrace(traceparent),
        ...signMessage(secret, id, Math.floor(nowMs / 1000), body),
      },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    await readSome(response.body).catch(() => {
      // The status has arrived, and that is the whole answer.
    });
    return { status: response.status, retryAfterSeconds: secondsOf(response.headers.get("retry-after")) };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    if (!isLate) console.warn(JSON.stringify({ event: "webhook.unreachable", reason: reasonOf(error) }));
    return { error: isLate ? "connection.timeout" : "connection.failed" };
  }
}

async function readSome(body: ReadableStream<Uint8Array> | null): Promise<void> {
  if (body === null) return;
  const reader = body.getReader();
  for (let size = 0; size < answerBytes; ) {
    const { done, value } = await reader.read();
    if (done) return;
    size += value.byteLength;
  }
  await reader.cancel();
}

const secondsOf = (retryAfter: string | null) =>
  retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
