import { type SQL, sql } from "drizzle-orm";
import type { Settings } from "../../contract/settings.ts";
import { isCaller } from "./keys.ts";
import type { Session } from "./open.ts";

/** SQL value: JSON of the respelled words of an owner, given as an SQL value. */
export const pronunciationsOf = (ownerId: SQL) => sql`json(COALESCE(
  (SELECT owner_settings.pronunciations FROM owner_settings WHERE owner_settings.owner_id = ${ownerId}), '{}'))`;

const settingsOf = (keyHash: string) => sql<{ pronunciations: string }>`
  SELECT ${pronunciationsOf(sql`api_keys.owner_id`)} AS pronunciations FROM api_keys WHERE ${isCaller(keyHash)}`;

/** The caller's settings; undefined: the key is unknown. */
export async function readSettings(session: Session, keyHash: string): Promise<Settings | undefined> {
  const [row] = await session.run(settingsOf(keyHash));
  return row && { pronunciations: JSON.parse(row.pronunciations) };
}

/** Replaces the caller's settings, and gives them; undefined: the key is unknown. */
export async function writeSettings(
  session: Session,
  keyHash: string,
  { pronunciations }: Settings,
  nowMs: number,
): Promise<Settings | undefined> {
  const { row } = await session.batch({
    change: sql`
      INSERT INTO owner_settings (owner_id, pronunciations, updated_at)
      SELECT api_keys.owner_id, ${JSON.stringify(pronunciations)}, ${nowMs} FROM api_keys WHERE ${isCaller(keyHash)}
      ON CONFLICT (owner_id) DO UPDATE SET pronunciations = excluded.pronunciations, updated_at = excluded.updated_at`,
    row: settingsOf(keyHash),
  });
  return row[0] && { pronunciations: JSON.parse(row[0].pronunciations) };
}
