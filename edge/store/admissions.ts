/** Whom a live stream is opened for. */
import { sql } from "drizzle-orm";
import type { Session } from "./open.ts";

export interface Admission {
  ownerId: string;
  /** The API key that opens the stream, or that issued the token which does. */
  keyId: string;
  /** Our own key of the dream. Null: the owner has none of this client id. */
  dreamId: string | null;
}

/** An API key by its hash, as a request presents it, or by its id, as a token names it. */
export type AsKey = { hash: string } | { id: string };

/** What the key may watch of a dream's id. Undefined: there is no such key, or it is revoked. */
export async function readAdmission(
  session: Session,
  key: AsKey,
  clientId: string,
): Promise<Admission | undefined> {
  const isKey = "hash" in key ? sql`api_keys.hash = ${key.hash}` : sql`api_keys.id = ${key.id}`;
  const [row] = await session.run(sql<Admission>`
    SELECT api_keys.owner_id AS ownerId, api_keys.id AS keyId, dreams.id AS dreamId
    FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
    WHERE ${isKey} AND api_keys.revoked_at IS NULL`);
  return row;
}
