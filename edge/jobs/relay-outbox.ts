import type { Priority } from "../../contract/film.ts";
import type { Env } from "../env.ts";
import type { Session } from "../store/open.ts";
import { type DueMessage, markSent, takeDueMessages } from "../store/outbox.ts";
import { sendMessages } from "./send-message.ts";

/** @source developers.cloudflare.com/queues/platform/limits: 100 messages a batch */
const batchSize = 100;
/** How long one run goes on while messages are due, where a caller waits for it. */
const relayMs = 5_000;

/**
 * Sends what was promised and did not go out, or went out and was lost. A queue that refuses delays only its own
 * messages. Two runs at once send different ones. Ends when nothing is due or after `forMs`. Says how many went out.
 */
export async function relayOutbox(
  env: Env,
  session: Session,
  now: () => number,
  forMs: number = relayMs,
): Promise<number> {
  const untilMs = now() + forMs;
  let sent = 0;
  for (let isLast = false; !isLast; ) {
    const due = await takeDueMessages(session, now(), batchSize);
    for (const priority of ["premium", "standard"] as const) sent += await relay(priority, due);
    isLast = due.length < batchSize || now() >= untilMs;
  }
  return sent;

  async function relay(priority: Priority, due: readonly DueMessage[]): Promise<number> {
    const messages = due.filter((message) => message.priority === priority);
    if (messages.length === 0) return 0;
    try {
      await sendMessages(env, priority, messages);
    } catch (error) {
      console.warn(JSON.stringify({ event: "queue.send_failed", queue: priority, reason: String(error) }));
      return 0;
    }
    await markSent(
      session,
      messages.map((message) => message.job_id),
      now(),
    );
    return messages.length;
  }
}
