/** The API calls about the people, animals, places and things of the owner's films. */
import type { AddCastMember, KnownCast, KnownCastMember } from "../../../contract/cast.ts";
import { call, send } from "./api.ts";

/** Who and what films have shown or the owner has added, the last used first. */
export const listCast = async (signal?: AbortSignal): Promise<KnownCastMember[]> =>
  (await call<KnownCast>("GET", "/cast", { signal })).cast;

/** Adds a member, or changes the description of the one of this kind and name. */
export const addMember = (member: AddCastMember) =>
  call<KnownCastMember>("POST", "/cast", {
    headers: { "content-type": "application/json" },
    body: JSON.stringify(member),
  });

/** Deletes the member with its sheets and its photo. */
export const deleteMember = (id: string) => call<void>("DELETE", `/cast/${id}`);

/** Adds or replaces the member's photo. The same photo again changes nothing. */
export const putPhoto = (id: string, photo: File) =>
  call<KnownCastMember>("PUT", `/cast/${id}/photo`, {
    headers: { "content-type": photo.type || "application/octet-stream" },
    body: photo,
  });

/** Deletes the member's photo and its sheets. */
export const deletePhoto = (id: string) => call<void>("DELETE", `/cast/${id}/photo`);

/** The member's newest reference sheet. */
export const readSheet = async (id: string, signal: AbortSignal): Promise<Blob> =>
  (await send("GET", `/cast/${id}/sheet`, { signal })).blob();
