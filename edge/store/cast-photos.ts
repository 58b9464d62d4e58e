/** The photos of an owner's cast. A file in R2 is named by a row of `cast_members`, or by one of `purges`. */
import { type SQL, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import { photoFolder } from "../../contract/storage.ts";
import { isMember, type MemberRow, selectMember } from "./cast.ts";
import { ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";
import { notePhotoPurges } from "./purges.ts";

/** How long a request that stores a photo may take. */
const announcedMs = 3600_000;

/** Notes that the photo's file is stored next. It is purged unless a member gets it. */
export async function announcePhoto(session: Session, photoId: string, nowMs: number): Promise<void> {
  await session.run(sql`
    INSERT INTO purges (job_id, dream_id, due_at) VALUES (${photoId}, ${photoFolder}, ${nowMs + announcedMs})
    ON CONFLICT DO NOTHING`);
}

interface Adoption {
  keyHash: string;
  /** Of the member. */
  id: string;
  photoId: string;
  /** SHA-256 of the file. */
  hash: string;
}

/**
 * Gives the member its photo, and gives the row; the photo that it had is purged. Null: the caller has no
 * such member, or `limits.photos` others have a photo.
 */
export async function adoptPhoto(
  session: Session,
  { keyHash, id, photoId, hash }: Adoption,
  nowMs: number,
): Promise<MemberRow | null> {
  const owner = ownerOf(keyHash);
  const hasRoom = sql`(SELECT COUNT(*) FROM cast_members AS other WHERE other.owner_id = ${owner}
    AND other.photo_id IS NOT NULL AND other.id <> ${id}) < ${limits.photos}`;
  const isThere = sql`${isMember(keyHash, id)} AND ${hasRoom}`;
  const { adopted } = await session.batch({
    replaced: notePhotoPurges(isThere, nowMs),
    changed: sql`UPDATE cast_members SET photo_id = ${photoId}, photo_hash = ${hash}, photo_at = ${nowMs},
      used_at = ${nowMs} WHERE ${isThere}`,
    kept: sql`DELETE FROM purges WHERE job_id = ${photoId}
      AND EXISTS (SELECT 1 FROM cast_members WHERE ${isMember(keyHash, id)} AND photo_id = ${photoId})`,
    adopted: sql<MemberRow>`${selectMember(keyHash, id)} AND photo_id = ${photoId}`,
  });
  return adopted[0] ?? null;
}

/** Takes the member's photo away, and purges its file. */
export async function dropPhoto(session: Session, keyHash: string, id: string, nowMs: number): Promise<void> {
  await session.batch({
    purged: notePhotoPurges(isMember(keyHash, id), nowMs),
    dropped: sql`UPDATE cast_members SET photo_id = NULL, photo_hash = NULL, photo_at = NULL
      WHERE ${isMember(keyHash, id)}`,
  });
}

/** How many of the caller's members have a photo. */
export async function countPhotos(session: Session, keyHash: string): Promise<number> {
  const [row] = await session.run(sql<{ photos: number }>`SELECT COUNT(*) AS photos FROM cast_members
    WHERE owner_id = ${ownerOf(keyHash)} AND photo_id IS NOT NULL`);
  return row?.photos ?? 0;
}

/** A photo as a job's input names it. */
export interface StoredPhoto {
  kind: MemberRow["kind"];
  name: string;
  /** SHA-256 of the file. */
  photo: string;
  /** Names the file in R2. */
  id: string;
}

/** SQL value: JSON of the owner's photos, as `StoredPhoto[]`. */
export const photosOf = (ownerId: SQL) => sql`(
  SELECT json_group_array(json_object('kind', kind, 'name', name, 'photo', photo_hash, 'id', photo_id))
  FROM (SELECT kind, name, photo_hash, photo_id FROM cast_members
    WHERE cast_members.owner_id = ${ownerId} AND photo_id IS NOT NULL ORDER BY kind, name_key))`;
