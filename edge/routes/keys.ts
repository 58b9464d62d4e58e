import { z } from "zod";
import { recheckStreams } from "../channel/notify.ts";
import { ApiError } from "../errors/api-error.ts";
import { endpoint } from "../http/endpoint.ts";
import { hashKey } from "../store/hash-key.ts";
import { insertKey, revokeKey } from "../store/keys.ts";

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

const create = endpoint({
  method: "post",
  path: "/admin/keys",
  name: "createKey",
  summary: "Create an API key",
  tag: "Keys",
  access: "admin",
  body: NewKey,
  example: { owner: "ada", name: "laptop", tier: "standard" },
  answers: { 201: { description: "The key. Only its hash is stored.", schema: ApiKey } },
  problems: [],
  async handle({ body, ports, primary }) {
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
    return Response.json(shown, { status: 201, headers: { "cache-control": "no-store" } });
  },
});

const revoke = endpoint({
  method: "delete",
  path: "/admin/keys/{id}",
  name: "revokeKey",
  summary: "Revoke an API key",
  tag: "Keys",
  access: "admin",
  params: z.object({ id: z.string().max(64) }),
  description: "Live streams that the key opened end within a minute.",
  answers: { 204: { description: "The key is revoked." } },
  problems: ["key.not_found"],
  async handle({ env, params, ports, primary, defer }) {
    const ownerId = await revokeKey(primary(), params.id, ports.now());
    if (ownerId === null) throw new ApiError("key.not_found");
    defer(recheckStreams(env, ownerId));
    return new Response(null, { status: 204 });
  },
});

const randomHex = (bytes: number) =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");

export const keyEndpoints = [create, revoke];
