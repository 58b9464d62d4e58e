import type { Priority } from "../../contract/film.ts";
import type { Env } from "../env.ts";
import type { Session } from "../store/open.ts";
import { type DueMessage, markSent, takeDueMessages } from "../store/outbox.ts";
import { sendMessages } from "./send-message.ts";

/** @source developers.cloudflare.com/queues/platform/limits: 100 messages a batch */
const batchSize = 100;
/** Bounds one run; what is left waits for the next. */
const batchesPerRun = 10;

/**
 * Sends what was promised and did not go out, or went out and was lost. A queue that refuses delays only its own
 * messages. Two runs at once send different ones. Says how many went out.
 */
export async function relayOutbox(env: Env, session: Session, now: () => number): Promise<number> {
  let sent = 0;
  for (let batch = 0; batch < batchesPerRun; batch++) {
    const due = await takeDueMessages(session, now(), batchSize);
    for (const priority of ["premium", "standard"] as const) sent += await relay(priority, due);
    if (due.length < batchSize) break;
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
