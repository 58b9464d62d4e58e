import { invalidKey } from "../errors/api-error.ts";
import { deleteMember as deleteRow, readSheets } from "../store/cast.ts";
import type { JobContext } from "./after-transition.ts";
import { purgeAssets } from "./purge.ts";

/**
 * Deletes a member of the owner's cast and its reference sheets. Films that show it stay. It succeeds as well
 * if there is no such member.
 *
 * @throws ApiError `auth.invalid`
 */
export async function deleteMember(
  { env, session }: Pick<JobContext, "env" | "session">,
  keyHash: string,
  id: string,
): Promise<void> {
  const sheets = await readSheets(session, keyHash, id);
  if (sheets === undefined) throw invalidKey();
  if (sheets === null) return;
  // The row goes last: if R2 fails, the request fails and can be repeated.
  await purgeAssets(env.MEDIA, sheets);
  await deleteRow(session, keyHash, id);
}
