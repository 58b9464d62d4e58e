import { z } from "zod";
import { KnownCast } from "../../contract/cast.ts";
import { invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, route } from "../http/route.ts";
import { deleteMember } from "../jobs/delete-member.ts";
import { readCast } from "../store/cast.ts";
import { readReplicaFirst } from "../store/open.ts";

export const castRoutes = newRouter();

const list = route({
  method: "get",
  path: "/cast",
  operationId: "listCast",
  summary: "List who and what your films have shown",
  description:
    "The people, animals, places and things of films with the option `cast`, the last used first. Later films that " +
    "mean the same show the same, and buy no new reference sheet. Those of a deleted dream go with it.",
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
  const cast = rows.map(({ used_at, ...row }) => ({ ...row, used_at: new Date(used_at).toISOString() }));
  return c.json({ cast }, 200);
});

const remove = route({
  method: "delete",
  path: "/cast/{id}",
  operationId: "deleteCastMember",
  summary: "Forget one of your films' cast",
  description:
    "Deletes it and its reference sheets; finished films stay. Later films may show it otherwise. A redo of a scene " +
    "that shows it buys its sheet again.",
  tags: ["Videos"],
  access: "key",
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: "It is deleted, or there was none." } },
  problems: [],
});

castRoutes.openapi(remove, async (c) => {
  const { keyHash, primary } = c.var;
  await deleteMember({ env: c.env, session: primary() }, keyHash, c.req.valid("param").id);
  return c.body(null, 204);
});
