import { and, asc, eq, sql } from "drizzle-orm";
import { apiKeys, webhooks } from "../../db/schema.ts";
import { giveUpDeliveries } from "./deliveries.ts";
import { isCaller, ownerOf } from "./keys.ts";
import { retryTransient, type Session } from "./open.ts";

export type WebhookRow = typeof webhooks.$inferSelect;

/** Stores the webhook for the caller, who may have at most `most`. Says how many of the caller's there are; null: no such key. */
export async function insertWebhook(
  session: Session,
  keyHash: string,
  hook: Pick<WebhookRow, "id" | "url" | "secret" | "enabled" | "createdAt"> & { events: readonly string[] },
  most: number,
): Promise<{ made: boolean } | null> {
  const [, [row]] = await session.batch([
    sql`
      INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at)
      SELECT ${hook.id}, owner_id, ${hook.url}, ${JSON.stringify(hook.events)}, ${hook.secret},
        ${hook.enabled ? 1 : 0}, ${hook.createdAt}
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL
        AND (SELECT COUNT(*) FROM webhooks AS known WHERE known.owner_id = api_keys.owner_id) < ${most}
      ON CONFLICT DO NOTHING`,
    sql<{ made: number }>`
      SELECT EXISTS (SELECT 1 FROM webhooks WHERE id = ${hook.id}) AS made
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL`,
  ]);
  return row ? { made: row.made === 1 } : null;
}

/** The caller's webhooks, oldest first; of one id where it is given. Undefined: no such key. */
export async function readWebhooks(
  session: Session,
  keyHash: string,
  id?: string,
): Promise<WebhookRow[] | undefined> {
  const rows = await retryTransient(() =>
    session.drizzle
      .select({ hook: webhooks })
      .from(apiKeys)
      .leftJoin(
        webhooks,
        and(eq(webhooks.ownerId, apiKeys.ownerId), id === undefined ? undefined : eq(webhooks.id, id)),
      )
      .where(isCaller(keyHash))
      .orderBy(asc(webhooks.createdAt), asc(webhooks.id))
      .all(),
  );
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ hook }) => (hook === null ? [] : [hook]));
}

export interface WebhookChange {
  url?: string;
  events?: readonly string[];
  enabled?: boolean;
}

/** What a webhook is set to that may be called at once. */
const resumed = { resumesAt: 0, timeouts: 0 };

/** Changes the caller's webhook; messages that wait for a disabled one are given up. Undefined: none such. */
export async function updateWebhook(
  session: Session,
  keyHash: string,
  id: string,
  { url, events, enabled }: WebhookChange,
): Promise<WebhookRow | undefined> {
  const isTheirs = and(eq(webhooks.id, id), eq(webhooks.ownerId, ownerOf(keyHash)));
  const change = {
    ...(url === undefined ? {} : { url, ...resumed }),
    ...(events === undefined ? {} : { events: JSON.stringify(events) }),
    ...(enabled === undefined ? {} : { enabled, disabledReason: null, ...resumed }),
  };
  if (Object.keys(change).length === 0) return session.drizzle.select().from(webhooks).where(isTheirs).get();
  const row = await retryTransient(() =>
    session.drizzle.update(webhooks).set(change).where(isTheirs).returning().get(),
  );
  if (row !== undefined && !row.enabled) {
    await session.batch([giveUpDeliveries(row.id)]);
  }
  return row;
}

/** Deletes a webhook with its log. `id` is of a row that the caller was allowed to read, so a repeated call is a success. */
export async function deleteWebhook(session: Session, id: string): Promise<void> {
  await session.batch([
    sql`DELETE FROM deliveries WHERE webhook_id = ${id}`,
    sql`DELETE FROM webhooks WHERE id = ${id}`,
  ]);
}
