/** The photos that the owner has added to members of the cast. */
import { join } from "node:path";
import type { CastMember } from "../../../contract/cast.ts";
import type { MemberPhoto } from "../../../contract/claim.ts";
import { CodedError, Poison } from "../../errors.ts";
import { normalisePhoto } from "../../media/normalise-photo.ts";
import type { FilmContext } from "../film-context.ts";
import { urgency } from "../urgency.ts";
import { isSameMember } from "./read-cast.ts";

/** The members, each with the photo that there is of it now, by kind and name. */
export const namePhotos = (cast: readonly CastMember[], photos: readonly MemberPhoto[]): CastMember[] =>
  cast.map(({ photo: _, ...member }) => {
    const found = photos.find((one) => isSameMember(one, member));
    return found ? { ...member, photo: found.photo } : member;
  });

/** The photo is gone, or is no picture. */
class NoPhoto extends Poison {}

/**
 * The member's photo, decoded and encoded anew: what the provider is sent.
 *
 * @throws NoPhoto, Transient, or the signal's reason
 */
export async function openPhoto(
  { photo }: CastMember,
  { job, storage, folder, encoders, signal }: FilmContext,
): Promise<string> {
  const gone = () => new NoPhoto("cast.no_photo", "The photo is not there any more.");
  const stored = job.photos.find((one) => one.photo === photo);
  if (stored === undefined) throw gone();
  const uploaded = join(folder, `upload-${stored.photo.slice(0, 24)}`);
  if ((await storage.fetchInto(stored.key, uploaded, signal)) === null) throw gone();
  const to = `${uploaded}.jpg`;
  const normalise = () => normalisePhoto(uploaded, to, signal);
  await encoders.run(signal, normalise, urgency.scene(0)).catch((cause: unknown) => {
    if (!(cause instanceof Poison)) throw cause;
    throw new NoPhoto("cast.no_photo", "The photo could not be read.", { cause });
  });
  return to;
}

/** Whether the photo is at fault: it is gone or no picture, or the provider does not paint from it. */
export const isOfPhoto = (error: unknown): boolean =>
  error instanceof NoPhoto ||
  (error instanceof CodedError && (error.aiFault === "refused" || error.aiFault === "bad_request"));
