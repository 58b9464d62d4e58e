import { z } from "zod";
import { AddCastMember, KnownCast, KnownCastMember } from "../../contract/cast.ts";
import { limits } from "../../contract/limits.ts";
import { assetKey } from "../../contract/storage.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { readBytes } from "../http/body.ts";
import { binary, bytesBody, json, jsonBody, route } from "../http/route.ts";
import { deletePhoto, putPhoto } from "../jobs/cast/change-photo.ts";
import { deleteMember } from "../jobs/cast/delete-member.ts";
import { presentMember } from "../present/present-member.ts";
import { addMember, findMember, readCast, sheetsOf } from "../store/cast.ts";
import { readReplicaFirst } from "../store/open.ts";

export const castRoutes = newRouter();

const OneMember = z.object({ id: z.string().max(64) });

const list = route({
  method: "get",
  path: "/cast",
  operationId: "listCast",
  summary: "List who and what your films have shown",
  description:
    "The people, animals, places and things of films with the option `cast`, and those that you have added, the last " +
    "used first. Later films that mean the same show the same, and buy no new reference sheet. Those of a deleted " +
    "dream go with it; those that you have added stay.",
  tags: ["Videos"],
  access: "key",
  responses: { 200: json("The cast.", KnownCast) },
  problems: [],
});

castRoutes.openapi(list, async (c) => {
  const rows = await readReplicaFirst(
    c.var,
    (session) => readCast(session, c.var.keyHash),
    (found) => found !== undefined,
  );
  if (rows === undefined) throw invalidKey();
  return c.json({ cast: rows.map(presentMember) }, 200);
});

const add = route({
  method: "post",
  path: "/cast",
  operationId: "addCastMember",
  summary: "Add a person, animal, place or thing to your cast",
  description:
    "Films whose dream means it show it so. If your cast has one of this kind and name, its description is replaced: " +
    "the next film with it buys a new reference sheet.",
  tags: ["Videos"],
  access: "key",
  request: {
    body: jsonBody(AddCastMember, {
      example: {
        kind: "person",
        name: "Grandmother",
        description: "An old woman with short white hair, a green coat and a walking stick",
      },
    }),
  },
  responses: { 201: json("The member as it is now.", KnownCastMember) },
  problems: [],
});

castRoutes.openapi(add, async (c) => {
  const { keyHash, ports, primary } = c.var;
  const member = { id: ports.newId("member"), ...c.req.valid("json") };
  const row = await addMember(primary(), keyHash, member, ports.now());
  if (row === undefined) throw invalidKey();
  return c.json(presentMember(row), 201);
});

const remove = route({
  method: "delete",
  path: "/cast/{id}",
  operationId: "deleteCastMember",
  summary: "Forget one of your films' cast",
  description:
    "Deletes it, its reference sheets and its photo; finished films stay. Later films may show it otherwise. A redo " +
    "of a scene that shows it buys its sheet again.",
  tags: ["Videos"],
  access: "key",
  request: { params: OneMember },
  responses: { 204: { description: "It is deleted, or there was none." } },
  problems: [],
});

castRoutes.openapi(remove, async (c) => {
  await deleteMember(c.var.jobContext(), c.var.keyHash, c.req.valid("param").id);
  return c.body(null, 204);
});

const sheet = route({
  method: "get",
  path: "/cast/{id}/sheet",
  operationId: "getCastSheet",
  summary: "See the newest reference sheet of one of your cast",
  description:
    "The picture from which scenes with it are painted. It changes with the photo and the description.",
  tags: ["Videos"],
  access: "key",
  request: { params: OneMember },
  responses: { 200: binary("The sheet.", "image/png") },
  problems: ["cast.not_found", "cast.no_sheet"],
});

/** Sheets of other styles may be older, or not bought yet. */
const sheetsTried = 3;

castRoutes.openapi(sheet, async (c) => {
  const { id } = c.req.valid("param");
  const row = await readReplicaFirst(
    c.var,
    (session) => findMember(session, c.var.keyHash, id),
    (found) => found !== null,
  );
  if (row === undefined) throw invalidKey();
  if (row === null) throw new ApiError("cast.not_found");
  for (const fingerprint of sheetsOf(row).slice(0, sheetsTried)) {
    const found = await c.env.MEDIA.get(assetKey(fingerprint, "png"));
    if (found === null) continue;
    return new Response(found.body, {
      headers: {
        ...{ "content-type": "image/png", "content-length": String(found.size), etag: found.httpEtag },
        ...{ "cache-control": "private, no-cache", "x-content-type-options": "nosniff" },
      },
    });
  }
  throw new ApiError("cast.no_sheet");
});

const putOnesPhoto = route({
  method: "put",
  path: "/cast/{id}/photo",
  operationId: "putCastPhoto",
  summary: "Add or replace the photo of one of your cast",
  description:
    `Send the file as the body: JPEG, PNG or WebP, at most ${limits.photoBytes / 1024 ** 2} MiB and ` +
    `${limits.photoPixels / 1e6} megapixels. Later films paint its reference sheet from the photo, once for each ` +
    "style; the scenes are painted from the sheet. The photo goes to the provider of the pictures with each sheet, " +
    "turned upright, in a square of at most 1024 pixels, and without its location and other metadata. No address " +
    "serves it. Its sheets so far are deleted. Send only photos of people who agree.",
  tags: ["Videos"],
  access: "key",
  expensive: true,
  request: { params: OneMember, body: bytesBody("image/jpeg", "image/png", "image/webp") },
  responses: { 200: json("The member with its photo.", KnownCastMember) },
  problems: [
    ...(["cast.not_found", "photo.type_unsupported", "photo.too_large", "photo.too_small"] as const),
    ...(["photo.unreadable", "photo.too_many"] as const),
  ],
});

castRoutes.openapi(putOnesPhoto, async (c) => {
  const { keyHash, ports, jobContext } = c.var;
  const { id } = c.req.valid("param");
  const tooLarge = () =>
    new ApiError("photo.too_large", { detail: `At most ${limits.photoBytes / 1024 ** 2} MiB are accepted.` });
  const bytes = await readBytes(c.req.raw, limits.photoBytes, tooLarge);
  const row = await putPhoto(jobContext(), { keyHash, id, photoId: ports.newId("photo"), bytes });
  return c.json(presentMember(row), 200);
});

const deleteOnesPhoto = route({
  method: "delete",
  path: "/cast/{id}/photo",
  operationId: "deleteCastPhoto",
  summary: "Delete the photo of one of your cast",
  description:
    "Its reference sheets are deleted too. Later films show it by its description; finished films stay.",
  tags: ["Videos"],
  access: "key",
  request: { params: OneMember },
  responses: { 204: { description: "The photo is deleted, or there was none." } },
  problems: [],
});

castRoutes.openapi(deleteOnesPhoto, async (c) => {
  await deletePhoto(c.var.jobContext(), c.var.keyHash, c.req.valid("param").id);
  return c.body(null, 204);
});
