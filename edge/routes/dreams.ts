import { z } from "zod";
import { CreateDream, Dream, DreamId, DreamList, PatchDream, Transcript } from "../../contract/dream.ts";
import { limits } from "../../contract/limits.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { readCursor, writeCursor } from "../http/cursor.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { deleteDream } from "../jobs/delete-dream.ts";
import { presentDream, presentNewDream } from "../present/present-dream.ts";
import {
  type DreamChange,
  insertDream,
  listDreams,
  readDream,
  readTranscript,
  updateDream,
} from "../store/dreams.ts";
import { readReplicaFirst } from "../store/open.ts";
import { limitProblem, problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";

export const dreamRoutes = newRouter();

const OneDream = z.object({ did: DreamId });

const create = route({
  method: "post",
  path: "/dreams",
  operationId: "createDream",
  summary: "Store a dream",
  tags: ["Dreams"],
  access: "key",
  idempotent: true,
  request: {
    body: jsonBody(CreateDream, {
      example: {
        title: "The silver sea",
        transcript: "I flew over a silver sea. Under the water a town was lit, and a girl waved at me.",
      },
    }),
  },
  responses: { 201: json("The dream.", Dream, { location: "The dream's address." }) },
  problems: ["dream.exists", ...problemsOfLimits("dream")],
});

dreamRoutes.openapi(create, async (c) => {
  const { keyHash, ports, origin, primary } = c.var;
  const body = c.req.valid("json");
  const dream = {
    id: ports.newId("drm"),
    clientId: body.id ?? ports.newId("dream"),
    title: body.title ?? null,
    ...transcriptColumns(body.transcript ?? ""),
    createdAt: ports.now(),
  };
  const idempotency = await claimIdempotency(c.req.raw.headers, "POST /dreams", body);
  const answer = JSON.stringify(presentNewDream(dream));
  const ownerLimits = readOwnerLimits(c.env);
  const { isCaller, made, isTaken, limit, kept } = await insertDream(
    primary(),
    keyHash,
    dream,
    idempotency,
    answer,
    ownerLimits,
  );
  if (!isCaller) throw invalidKey();
  if (kept !== null && kept.fingerprint !== idempotency?.fingerprint) {
    throw new ApiError("idempotency.key_reused");
  }
  if (!made && kept === null)
    throw isTaken || limit === null ? new ApiError("dream.exists") : limitProblem(limit, ownerLimits);
  const given: Dream = JSON.parse(kept?.answer ?? answer);
  return c.json(given, 201, {
    location: `${origin}/dreams/${given.id}`,
    ...(made ? {} : { "idempotency-replayed": "true" }),
  });
});

const list = route({
  method: "get",
  path: "/dreams",
  operationId: "listDreams",
  summary: "List your dreams, newest first",
  tags: ["Dreams"],
  access: "key",
  request: {
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(limits.pageSize).default(20),
      cursor: z.string().max(200).optional().describe("`next_cursor` of the previous page."),
    }),
  },
  responses: { 200: json("A page.", DreamList) },
  problems: ["cursor.invalid"],
});

dreamRoutes.openapi(list, async (c) => {
  const { keyHash } = c.var;
  const { limit, cursor } = c.req.valid("query");
  const after = cursor === undefined ? null : readCursor(cursor);
  const rows = await readReplicaFirst(c.var, (session) => listDreams(session, keyHash, after, limit + 1));
  if (rows === undefined) throw invalidKey();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const data = await Promise.all(page.map((row) => presentDream(row, c.var)));
  const next_cursor = rows.length > limit && last ? writeCursor(last) : null;
  return c.json({ data, next_cursor }, 200);
});

const get = route({
  method: "get",
  path: "/dreams/{did}",
  operationId: "getDream",
  summary: "Read a dream",
  tags: ["Dreams"],
  access: "key",
  request: { params: OneDream },
  responses: { 200: json("The dream.", Dream) },
  problems: ["dream.not_found"],
});

dreamRoutes.openapi(get, async (c) => {
  const { keyHash } = c.var;
  const { did } = c.req.valid("param");
  const found = await readReplicaFirst(c.var, (session) => readDream(session, keyHash, did), isThere);
  if (found === undefined) throw invalidKey();
  if (found.dream === null) throw new ApiError("dream.not_found");
  return c.json(await presentDream(found.dream, c.var), 200);
});

const patch = route({
  method: "patch",
  path: "/dreams/{did}",
  operationId: "changeDream",
  summary: "Change a dream's title or text",
  description: "A video that is being made keeps the text it was requested with.",
  tags: ["Dreams"],
  access: "key",
  request: { params: OneDream, body: jsonBody(PatchDream, { example: { title: "The silver sea, again" } }) },
  responses: { 200: json("The changed dream.", Dream) },
  problems: ["dream.not_found", "dream.limit_reached"],
});

dreamRoutes.openapi(patch, async (c) => {
  const { keyHash, ports, primary } = c.var;
  const { did } = c.req.valid("param");
  const { title, transcript } = c.req.valid("json");
  const change: DreamChange = {
    ...(title === undefined ? {} : { title }),
    ...(transcript === undefined ? {} : transcriptColumns(transcript)),
    updatedAt: ports.now(),
  };
  const session = primary();
  const ownerLimits = readOwnerLimits(c.env);
  const dream = await updateDream(session, keyHash, did, change, ownerLimits);
  if (dream !== undefined) return c.json(await presentDream(dream, c.var), 200);
  const known = await readDream(session, keyHash, did);
  if (known === undefined) throw invalidKey();
  throw known.dream === null
    ? new ApiError("dream.not_found")
    : limitProblem("dream.limit_reached", ownerLimits);
});

const remove = route({
  method: "delete",
  path: "/dreams/{did}",
  operationId: "deleteDream",
  summary: "Delete a dream and everything made from it",
  description:
    "Removes text, jobs, logs, films, and bought assets that no other dream uses. A video that is being made is cancelled, and webhooks receive `job.cancelled`.",
  tags: ["Dreams"],
  access: "key",
  request: { params: OneDream },
  responses: { 204: { description: "The dream is deleted." } },
  problems: ["dream.not_found"],
});

dreamRoutes.openapi(remove, async (c) => {
  await deleteDream(c.var.jobContext(), c.var.keyHash, c.req.valid("param").did);
  return c.body(null, 204);
});

const transcript = route({
  method: "get",
  path: "/dreams/{did}/transcript",
  operationId: "getTranscript",
  summary: "Read a dream's text",
  tags: ["Dreams"],
  access: "key",
  request: { params: OneDream },
  responses: { 200: json("The text.", Transcript) },
  problems: ["dream.not_found"],
});

dreamRoutes.openapi(transcript, async (c) => {
  const { keyHash } = c.var;
  const { did } = c.req.valid("param");
  const found = await readReplicaFirst(c.var, (session) => readTranscript(session, keyHash, did), isThere);
  if (found === undefined) throw invalidKey();
  if (found.dream === null) throw new ApiError("dream.not_found");
  return c.json(found.dream, 200);
});

const isThere = ({ dream }: { dream: unknown }) => dream !== null;

/** A text of white space only counts as 0 characters: no film can be made of it. */
const transcriptColumns = (text: string) => ({
  transcript: text,
  transcriptChars: hasVisibleText(text) ? [...text].length : 0,
});
