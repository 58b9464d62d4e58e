import { z } from "zod";
import { recheckStreams } from "../channel/notify.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { hashKey, insertKey, revokeKey } from "../store/keys.ts";

export const keyRoutes = newRouter();

const Tier = z.enum(["standard", "premium"]);

const NewKey = z
  .strictObject({
    owner: z
      .string()
      .regex(/^[\w.@:+-]{1,128}$/)
      .describe("The owner whose dreams the key opens. One owner can have several keys."),
    name: z.string().max(100).optional().describe("What the key is for."),
    tier: Tier.default("standard"),
  })
  .meta({ id: "NewKey" });

const ApiKey = z
  .object({
    id: z.string(),
    key: z.string().describe("Shown only once."),
    owner: z.string(),
    name: z.string().nullable(),
    tier: Tier,
    created_at: z.iso.datetime(),
  })
  .meta({ id: "ApiKey" });

const create = route({
  method: "post",
  path: "/admin/keys",
  operationId: "createKey",
  summary: "Create an API key",
  tags: ["Keys"],
  access: "admin",
  request: { body: jsonBody(NewKey, { example: { owner: "ada", name: "laptop", tier: "standard" } }) },
  responses: { 201: json("The key. Only its hash is stored.", ApiKey) },
  problems: [],
});

keyRoutes.openapi(create, async (c) => {
  const { ports, primary } = c.var;
  const body = c.req.valid("json");
  const key = `dr_${randomHex(32)}`;
  const row = {
    hash: await hashKey(key),
    id: ports.newId("key"),
    ownerId: body.owner,
    name: body.name ?? null,
    tier: body.tier,
    createdAt: ports.now(),
  };
  await insertKey(primary(), row);
  const shown: z.infer<typeof ApiKey> = {
    id: row.id,
    key,
    owner: row.ownerId,
    name: row.name,
    tier: row.tier,
    created_at: new Date(row.createdAt).toISOString(),
  };
  return c.json(shown, 201, { "cache-control": "no-store" });
});

const revoke = route({
  method: "delete",
  path: "/admin/keys/{id}",
  operationId: "revokeKey",
  summary: "Revoke an API key",
  description: "Live streams that the key opened end within a minute.",
  tags: ["Keys"],
  access: "admin",
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: "The key is revoked." } },
  problems: ["key.not_found"],
});

keyRoutes.openapi(revoke, async (c) => {
  const { ports, primary, defer } = c.var;
  const ownerId = await revokeKey(primary(), c.req.valid("param").id, ports.now());
  if (ownerId === null) throw new ApiError("key.not_found");
  defer(recheckStreams(c.env, ownerId));
  return c.body(null, 204);
});

const randomHex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
