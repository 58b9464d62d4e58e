/** Who and what an owner's films have shown: the rows of `cast_members`. */
import { type SQL, sql } from "drizzle-orm";
import type { AddCastMember, CastKind, CastMember } from "../../contract/cast.ts";
import { limits } from "../../contract/limits.ts";
import { type AttemptRef, holdsJob } from "./attempt.ts";
import { isCaller, ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";
import { notePhotoPurges } from "./purges.ts";

/** Fingerprints of 64 characters and a space each. */
const keptSheetsChars = 10 * 65;

/**
 * The statements that keep the cast of an attempt's storyboard for the owner's later films, if the attempt
 * holds the job. A member that is known by this kind and name gets the new description, unless its owner has
 * written the one that it has: the film may have been requested before. Null: there is nothing to keep.
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
  const isByOwner = sql`cast_members.first_dream_id = ''`;
  const isOutdated = sql`(${isByOwner} AND cast_members.description <> excluded.description)`;
  return {
    kept: sql`
      INSERT INTO cast_members (id, owner_id, kind, name, name_key, description, sheets,
        first_dream_id, last_dream_id, created_at, used_at)
      SELECT lower(hex(randomblob(16))), jobs.owner_id, value ->> 'kind', value ->> 'name', value ->> 'key',
        value ->> 'description', value ->> 'sheet', jobs.dream_id, jobs.dream_id, ${nowMs}, ${nowMs}
      FROM jobs JOIN json_each(${JSON.stringify(kept.slice(0, limits.cast))}) WHERE ${holdsJob(ref)}
      ON CONFLICT (owner_id, kind, name_key) DO UPDATE SET
        description = IIF(${isByOwner}, description, excluded.description),
        sheets = CASE WHEN instr(sheets, excluded.sheets) > 0 THEN sheets
          WHEN ${isOutdated} THEN substr(sheets, 1, ${keptSheetsChars - 65}) || ' ' || excluded.sheets
          ELSE substr(excluded.sheets || ' ' || sheets, 1, ${keptSheetsChars}) END,
        last_dream_id = excluded.last_dream_id, used_at = excluded.used_at`,
    trimmed: trimCast(owner),
  };
}

/** The statement that deletes the members beyond the most that an owner has. Those with a photo stay. */
const trimCast = (owner: SQL) => sql`
  DELETE FROM cast_members WHERE owner_id = ${owner} AND id IN (SELECT id FROM cast_members
    WHERE owner_id = ${owner} AND photo_id IS NULL ORDER BY used_at DESC LIMIT -1 OFFSET ${limits.knownCast})`;

const isShort = (text: string, most: number) => text !== "" && [...text].length <= most;

/**
 * SQL value: JSON of the members that a film of this dream is told of. Those that only this dream's own films
 * showed are left out: so the same dream asks its text model the same again, and finds its storyboard and its
 * pictures.
 */
export const knownCastOf = (ownerId: SQL, dreamId: SQL) => sql`(
  SELECT json_group_array(json_object('kind', kind, 'name', name, 'description', description))
  FROM (SELECT kind, name, description FROM cast_members INDEXED BY cast_members_by_name
    WHERE cast_members.owner_id = ${ownerId} AND id IN (
      SELECT id FROM cast_members WHERE cast_members.owner_id = ${ownerId} AND first_dream_id <> ${dreamId}
      ORDER BY used_at DESC LIMIT ${limits.toldCast})
    ORDER BY kind, name_key))`;

/** A member of an owner's cast. */
export interface MemberRow {
  id: string;
  kind: CastKind;
  name: string;
  description: string;
  /** Fingerprints, the newest first, separated by spaces. */
  sheets: string;
  used_at: number;
  photo_id: string | null;
  photo_hash: string | null;
  photo_at: number | null;
}

const columns = sql`id, kind, name, description, sheets, used_at, photo_id, photo_hash, photo_at`;

/** SQL condition over `cast_members`: the caller's member of this id. */
export const isMember = (keyHash: string, id: string) =>
  sql`cast_members.id = ${id} AND cast_members.owner_id = ${ownerOf(keyHash)}`;

/** The statement that reads the caller's member. It ends with a condition. */
export const selectMember = (keyHash: string, id: string) =>
  sql<MemberRow>`SELECT ${columns} FROM cast_members WHERE ${isMember(keyHash, id)}`;

const selectCaller = (keyHash: string) =>
  sql<{ id: string }>`SELECT id FROM api_keys WHERE ${isCaller(keyHash)}`;

/** The caller's members, the last used first; undefined: the key is unknown. */
export async function readCast(session: Session, keyHash: string): Promise<MemberRow[] | undefined> {
  const { caller, members } = await session.batch({
    caller: selectCaller(keyHash),
    members: sql<MemberRow>`
      SELECT ${columns} FROM cast_members WHERE owner_id = ${ownerOf(keyHash)} ORDER BY used_at DESC`,
  });
  return caller.length > 0 ? members : undefined;
}

/** Null if the caller has no such member; undefined: the key is unknown. */
export async function findMember(
  session: Session,
  keyHash: string,
  id: string,
): Promise<MemberRow | null | undefined> {
  const { caller, member } = await session.batch({
    caller: selectCaller(keyHash),
    member: selectMember(keyHash, id),
  });
  return caller.length > 0 ? (member[0] ?? null) : undefined;
}

/** The fingerprints of the member's sheets, the newest first. */
export const sheetsOf = ({ sheets }: Pick<MemberRow, "sheets">): string[] =>
  sheets.split(" ").filter((sheet) => /^[0-9a-f]{64}$/.test(sheet));

/**
 * Adds a member to the caller's cast, or changes the description of the one of this kind and name. It stays
 * until its owner deletes it. Undefined: the key is unknown.
 */
export async function addMember(
  session: Session,
  keyHash: string,
  { id, kind, name, description }: { id: string } & AddCastMember,
  nowMs: number,
): Promise<MemberRow | undefined> {
  const key = name.toLowerCase();
  const owner = ownerOf(keyHash);
  const { member } = await session.batch({
    added: sql`
      INSERT INTO cast_members (id, owner_id, kind, name, name_key, description, sheets, first_dream_id,
        last_dream_id, created_at, used_at)
      SELECT ${id}, owner_id, ${kind}, ${name}, ${key}, ${description}, '', '', '', ${nowMs}, ${nowMs}
      FROM api_keys WHERE ${isCaller(keyHash)}
      ON CONFLICT (owner_id, kind, name_key) DO UPDATE SET name = excluded.name,
        description = excluded.description, first_dream_id = '', used_at = excluded.used_at`,
    trimmed: trimCast(owner),
    member: sql<MemberRow>`SELECT ${columns} FROM cast_members
      WHERE owner_id = ${owner} AND kind = ${kind} AND name_key = ${key}`,
  });
  return member[0];
}

/** Deletes the caller's member; its photo is purged. */
export async function deleteMember(
  session: Session,
  keyHash: string,
  id: string,
  nowMs: number,
): Promise<void> {
  await session.batch({
    photo: notePhotoPurges(isMember(keyHash, id), nowMs),
    member: sql`DELETE FROM cast_members WHERE ${isMember(keyHash, id)}`,
  });
}

/** The statements that delete the members which only this dream's films showed, with their photos. */
export function forgetCast(ownerId: string, dreamId: string, nowMs: number) {
  const isOnlyHere = sql`owner_id = ${ownerId} AND first_dream_id = ${dreamId} AND last_dream_id = ${dreamId}`;
  return {
    photos: notePhotoPurges(isOnlyHere, nowMs),
    members: sql`DELETE FROM cast_members WHERE ${isOnlyHere}`,
    others: sql`
      UPDATE cast_members SET first_dream_id = IIF(first_dream_id = ${dreamId}, last_dream_id, first_dream_id),
        last_dream_id = IIF(last_dream_id = ${dreamId}, first_dream_id, last_dream_id)
      WHERE owner_id = ${ownerId} AND ${dreamId} IN (first_dream_id, last_dream_id)`,
  };
}
