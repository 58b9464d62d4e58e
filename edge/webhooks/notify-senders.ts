import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";

/**
 * Wakes the senders of these owners' messages, after the answer. Nothing is sent here, so that no caller waits for a
 * receiver. Never fails: the sweep wakes the sender of what stays due.
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
