import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";

/**
 * Wakes the webhook senders of these owners after the answer. It sends no message itself, so no caller waits
 * for a receiver. Never throws: the sweep wakes the sender of messages that stay due.
 */
export function notifySenders(
  env: Env,
  defer: (work: Promise<unknown>) => void,
  ownerIds: readonly string[],
): void {
  for (const ownerId of new Set(ownerIds)) {
    defer(
      env.WEBHOOK_SENDERS.getByName(ownerId)
        .notify(ownerId)
        .catch((error: unknown) => {
          console.warn(JSON.stringify({ event: "webhook.sender_unreachable", reason: reasonOf(error) }));
        }),
    );
  }
}
