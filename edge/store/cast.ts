/** Who and what an owner's films have shown: the rows of `cast_members`. */
import { type SQL, sql } from "drizzle-orm";
import type { CastKind, CastMember } from "../../contract/cast.ts";
import { limits } from "../../contract/limits.ts";
import { type AttemptRef, holdsJob } from "./attempt.ts";
import { isCaller, ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";

/** Fingerprints of 64 characters and a space each. */
const keptSheetsChars = 10 * 65;

/**
 * The statements that keep the cast of an attempt's storyboard for the owner's later films, if the attempt
 * holds the job. A member that is known by this kind and name gets the new description, which is the old one
 * unless its owner has changed it. Null: there is nothing to keep.
 */
export function keepCast(cast: readonly CastMember[], ref: AttemptRef, nowMs: number) {
  const kept = cast
    .filter(
      ({ name, description }) =>
        isShort(name, limits.castNameChars) && isShort(description, limits.castDescriptionChars),
    )
    .map(({ kind, name, description, sheet = "" }) => ({
      kind,
      name,
      key: name.toLowerCase(),
      description,
      sheet,
    }));
  if (kept.length === 0) return null;
  const owner = sql`(SELECT owner_id FROM jobs WHERE ${holdsJob(ref)})`;
  return {
    kept: sql`
      INSERT INTO cast_members (id, owner_id, kind, name, name_key, description, sheets,
        first_dream_id, last_dream_id, created_at, used_at)
      SELECT lower(hex(randomblob(16))), jobs.owner_id, value ->> 'kind', value ->> 'name', value ->> 'key',
        value ->> 'description', value ->> 'sheet', jobs.dream_id, jobs.dream_id, ${nowMs}, ${nowMs}
      FROM jobs JOIN json_each(${JSON.stringify(kept.slice(0, limits.cast))}) WHERE ${holdsJob(ref)}
      ON CONFLICT (owner_id, kind, name_key) DO UPDATE SET description = excluded.description,
        sheets = IIF(instr(sheets, excluded.sheets) > 0, sheets,
          substr(excluded.sheets || ' ' || sheets, 1, ${keptSheetsChars})),
        last_dream_id = excluded.last_dream_id, used_at = excluded.used_at`,
    trimmed: sql`
      DELETE FROM cast_members WHERE owner_id = ${owner} AND id IN (SELECT id FROM cast_members
        WHERE owner_id = ${owner} ORDER BY used_at DESC LIMIT -1 OFFSET ${limits.knownCast})`,
  };
}

const isShort = (text: string, most: number) => text !== "" && [...text].length <= most;

/**
 * SQL value: JSON of the members that a film of this dream is told of. Those that only this dream's own films
 * showed are left out: so the same dream asks its text model the same again, and finds its storyboard and its
 * pictures.
 */
export const knownCastOf = (ownerId: SQL, dreamId: SQL) => sql`(
  SELECT json_group_array(json_object('kind', kind, 'name', name, 'description', description))
  FROM (SELECT kind, name, description FROM (
      SELECT kind, name, description, used_at FROM cast_members
      WHERE cast_members.owner_id = ${ownerId} AND first_dream_id <> ${dreamId}
      ORDER BY used_at DESC LIMIT ${limits.toldCast})
    ORDER BY kind, name))`;

interface KnownRow {
  id: string;
  kind: CastKind;
  name: string;
  description: string;
  used_at: number;
}

/** The caller's members, the last used first; undefined: the key is unknown. */
export async function readCast(session: Session, keyHash: string): Promise<KnownRow[] | undefined> {
  const { caller, members } = await session.batch({
    caller: sql<{ id: string }>`SELECT id FROM api_keys WHERE ${isCaller(keyHash)}`,
    members: sql<KnownRow>`
      SELECT id, kind, name, description, used_at FROM cast_members
      WHERE owner_id = ${ownerOf(keyHash)} ORDER BY used_at DESC`,
  });
  return caller.length > 0 ? members : undefined;
}

/**
 * The fingerprints of the member's sheets; null if the caller has no such member; undefined: the key is
 * unknown.
 */
export async function readSheets(
  session: Session,
  keyHash: string,
  id: string,
): Promise<string[] | null | undefined> {
  const [row] = await session.run(sql<{ sheets: string | null }>`
    SELECT (SELECT sheets FROM cast_members WHERE id = ${id} AND owner_id = api_keys.owner_id) AS sheets
    FROM api_keys WHERE ${isCaller(keyHash)}`);
  return row && (row.sheets?.split(" ").filter((sheet) => /^[0-9a-f]{64}$/.test(sheet)) ?? null);
}

/** Deletes the caller's member. */
export async function deleteMember(session: Session, keyHash: string, id: string): Promise<void> {
  await session.run(sql`DELETE FROM cast_members WHERE id = ${id} AND owner_id = ${ownerOf(keyHash)}`);
}

/** The statements that delete the members which only this dream's films showed. */
export const forgetCast = (ownerId: string, dreamId: string) => ({
  members: sql`
    DELETE FROM cast_members
    WHERE owner_id = ${ownerId} AND first_dream_id = ${dreamId} AND last_dream_id = ${dreamId}`,
  others: sql`
    UPDATE cast_members SET first_dream_id = IIF(first_dream_id = ${dreamId}, last_dream_id, first_dream_id),
      last_dream_id = IIF(last_dream_id = ${dreamId}, first_dream_id, last_dream_id)
    WHERE owner_id = ${ownerId} AND ${dreamId} IN (first_dream_id, last_dream_id)`,
});
