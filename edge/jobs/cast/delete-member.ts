import { photoKey } from "../../../contract/storage.ts";
import { invalidKey } from "../../errors/api-error.ts";
import { deleteMember as deleteRow, findMember, type MemberRow, sheetsOf } from "../../store/cast.ts";
import type { JobContext } from "../after-transition.ts";
import { purgeAssets } from "../purge.ts";
import { runStep } from "../run-step.ts";

/** How long a client waits for R2 when it deletes what no member has any more. */
const purgeMs = 10_000;

/**
 * Deletes a member of the owner's cast, its reference sheets and its photo. Films that show it stay. It
 * succeeds as well if there is no such member.
 *
 * @throws ApiError `auth.invalid`
 */
export async function deleteMember(
  context: Pick<JobContext, "env" | "session" | "now">,
  keyHash: string,
  id: string,
): Promise<void> {
  const { env, session, now } = context;
  const member = await findMember(session, keyHash, id);
  if (member === undefined) throw invalidKey();
  if (member === null) return;
  // The row goes last: if R2 fails, the request fails and can be repeated.
  await purgeAssets(env.MEDIA, sheetsOf(member));
  await deleteRow(session, keyHash, id, now());
  await purgePhoto(context, member.photo_id);
  await purgeLateSheets(context, member);
}

/**
 * Deletes the sheets once more, after the row that names the photo is gone: a worker may have stored one
 * since they were deleted. If R2 fails, the request has done what it promises all the same.
 */
export async function purgeLateSheets(
  { env, session }: Pick<JobContext, "env" | "session">,
  member: MemberRow,
): Promise<void> {
  await runStep(session, "delete_sheets", () => purgeAssets(env.MEDIA, sheetsOf(member)), purgeMs);
}

/**
 * Deletes the file of a photo that no member has any more. If R2 fails, the clean-up does it: D1 has a purge
 * row.
 */
export async function purgePhoto(
  { env, session }: Pick<JobContext, "env" | "session">,
  photoId: string | null,
): Promise<void> {
  if (photoId === null) return;
  await runStep(session, "delete_photo", () => env.MEDIA.delete(photoKey(photoId)), purgeMs);
}
