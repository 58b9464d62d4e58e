/** The photo from which a member's reference sheets are painted: added, replaced, deleted. */
import { photoKey } from "../../../contract/storage.ts";
import { ApiError, invalidKey } from "../../errors/api-error.ts";
import { findMember, type MemberRow, sheetsOf } from "../../store/cast.ts";
import { adoptPhoto, announcePhoto, dropPhoto } from "../../store/cast-photos.ts";
import { hex } from "../../store/keys.ts";
import type { Session } from "../../store/open.ts";
import type { JobContext } from "../after-transition.ts";
import { purgeAssets } from "../purge.ts";
import { purgeLateSheets, purgePhoto } from "./delete-member.ts";
import { inspectPhoto } from "./inspect-photo.ts";

type Context = Pick<JobContext, "env" | "session" | "now">;

export interface PutPhoto {
  keyHash: string;
  /** Of the member. */
  id: string;
  /** Of the photo, if it is new. */
  photoId: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Stores the photo, as it was uploaded, where only workers read it, and deletes the member's reference sheets
 * and its photo before. The same photo again changes nothing.
 *
 * @throws ApiError `auth.invalid`, `cast.not_found`, `photo.too_many`, and what `inspectPhoto` throws
 */
export async function putPhoto(
  context: Context,
  { keyHash, id, photoId, bytes }: PutPhoto,
): Promise<MemberRow> {
  const { env, session, now } = context;
  const member = await requireMember(session, keyHash, id);
  inspectPhoto(bytes);
  const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  if (member.photo_hash === hash) return member;
  // A file that is stored for a request which then ends is purged.
  await announcePhoto(session, photoId, now());
  await env.MEDIA.put(photoKey(photoId), bytes);
  await purgeAssets(env.MEDIA, sheetsOf(member));
  const adopted = await adoptPhoto(session, { keyHash, id, photoId, hash }, now());
  if (adopted !== null) {
    await purgePhoto(context, member.photo_id);
    await purgeLateSheets(context, member);
    return adopted;
  }
  await requireMember(session, keyHash, id);
  throw new ApiError("photo.too_many");
}

/**
 * Deletes the member's photo and its reference sheets: later films show the member by its description. It
 * succeeds as well if there is no such photo.
 *
 * @throws ApiError `auth.invalid`
 */
export async function deletePhoto(context: Context, keyHash: string, id: string): Promise<void> {
  const { env, session, now } = context;
  const member = await findMember(session, keyHash, id);
  if (member === undefined) throw invalidKey();
  if (member === null || member.photo_id === null) return;
  // Before the row: if R2 fails, the request fails and can be repeated.
  await purgeAssets(env.MEDIA, sheetsOf(member));
  await dropPhoto(session, keyHash, id, now());
  await purgePhoto(context, member.photo_id);
  await purgeLateSheets(context, member);
}

async function requireMember(session: Session, keyHash: string, id: string): Promise<MemberRow> {
  const member = await findMember(session, keyHash, id);
  if (member === undefined) throw invalidKey();
  if (member === null) throw new ApiError("cast.not_found");
  return member;
}
