import { QueueMessage } from "../../contract/queue.ts";
import type { Env } from "../env.ts";
import type { Ports } from "../ports.ts";
import { settleDeadLetter } from "../store/dead-letters.ts";
import { openPrimary, reasonOf } from "../store/open.ts";
import { afterTransition, withDeferred } from "./after-transition.ts";

/** The delay in seconds after a message that could not be handled because D1 did not answer. */
const retrySeconds = 60;
const excerptChars = 500;

/**
 * Handles the messages that the workers' queues have given up on, one by one: a message that cannot be
 * handled now comes again and delays no other. An unreadable message is stored and acked.
 */
export async function takeDeadLetters(env: Env, ports: Ports, messages: readonly Message[]): Promise<void> {
  const session = openPrimary(env.DB);
  const counts: Record<string, number> = {};
  const owners: string[] = [];
  const dreamIds: string[] = [];
  for (const message of messages) {
    const text = readText(message.body);
    try {
      const letter = { id: message.id, jobId: readJobId(text), excerpt: text.slice(0, excerptChars) };
      const settled = await settleDeadLetter(session, letter, ports.now());
      const outcome = settled.outcome ?? "repeated";
      owners.push(...settled.owners);
      dreamIds.push(...settled.dreamIds);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      message.ack();
    } catch (error) {
      console.warn(JSON.stringify({ event: "dead_letter.unsettled", reason: reasonOf(error) }));
      message.retry({ delaySeconds: retrySeconds });
    }
  }
  console.warn(JSON.stringify({ event: "dead_letters", ...counts }));
  await withDeferred((defer) =>
    afterTransition(
      { env, session, now: ports.now, defer },
      { dreamIds, owners, message: counts.redriven ? "due" : null },
    ),
  );
}

function readText(body: unknown): string {
  if (typeof body === "string") return body.toWellFormed();
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return new TextDecoder().decode(body);
  return JSON.stringify(body) ?? "";
}

function readJobId(text: string): string | null {
  try {
    return QueueMessage.safeParse(JSON.parse(text)).data?.job_id ?? null;
  } catch {
    return null;
  }
}
