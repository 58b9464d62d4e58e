import { z } from "zod";
import { CreateDream, Dream, DreamId, DreamList, PatchDream, Transcript } from "../../contract/dream.ts";
import { limits } from "../../contract/limits.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { readOwnerStorage } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../errors/invalid-key.ts";
import { readCursor, writeCursor } from "../http/cursor.ts";
import { endpoint } from "../http/endpoint.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { deleteDream } from "../jobs/delete-dream.ts";
import { limitReached } from "../jobs/finish.ts";
import { presentDream, presentNewDream } from "../present/present-dream.ts";
import {
  type DreamChange,
  insertDream,
  listDreams,
  readDream,
  readTranscript,
  updateDream,
} from "../store/dreams.ts";
import { readReplicaFirst } from "../store/read-replica-first.ts";

const OneDream = z.object({ did: DreamId });

const create = endpoint({
  method: "post",
  path: "/dreams",
  name: "createDream",
  summary: "Store a dream",
  tag: "Dreams",
  access: "key",
  body: CreateDream,
  example: {
    title: "The silver sea",
    transcript: "I flew over a silver sea. Under the water a town was lit, and somebody waved at me.",
  },
  idempotent: true,
  answers: {
    201: { description: "The dream.", schema: Dream, headers: { location: "The dream's address." } },
  },
  problems: ["dream.exists", "dream.limit_reached"],
  async handle({ env, caller, body, request, ports, origin, primary }) {
    const dream = {
      id: ports.newId("drm"),
      clientId: body.id ?? ports.newId("dream"),
      title: body.title ?? null,
      ...transcriptColumns(body.transcript ?? ""),
      createdAt: ports.now(),
    };
    const idempotency = await claimIdempotency(request.headers, "POST /dreams", body);
    const answer = JSON.stringify(presentNewDream(dream));
    const storage = readOwnerStorage(env);
    const { isCaller, made, isTaken, kept } = await insertDream(
      primary(),
      caller.keyHash,
      dream,
      idempotency,
      answer,
      storage,
    );
    if (!isCaller) throw invalidKey();
    if (kept !== null && kept.fingerprint !== idempotency?.fingerprint) {
      throw new ApiError("idempotency.key_reused");
    }
    if (!made && kept === null) throw isTaken ? new ApiError("dream.exists") : limitReached(storage);
    const given = kept?.answer ?? answer;
    return new Response(given, {
      status: 201,
      headers: {
        "content-type": "application/json",
        location: `${origin}/dreams/${(JSON.parse(given) as Dream).id}`,
        ...(made ? {} : { "idempotency-replayed": "true" }),
      },
    });
  },
});

const list = endpoint({
  method: "get",
  path: "/dreams",
  name: "listDreams",
  summary: "List your dreams, newest first",
  tag: "Dreams",
  access: "key",
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(limits.pageSize).default(20),
    cursor: z.string().max(200).optional().describe("`next_cursor` of the previous page."),
  }),
  answers: { 200: { description: "A page.", schema: DreamList } },
  problems: ["cursor.invalid"],
  async handle(call) {
    const { limit, cursor } = call.query;
    const after = cursor === undefined ? null : readCursor(cursor);
    const { keyHash } = call.caller;
    const rows = await readReplicaFirst(call, (session) => listDreams(session, keyHash, after, limit + 1));
    if (rows === undefined) throw invalidKey();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return Response.json({
      data: await Promise.all(page.map((row) => presentDream(row, call))),
      next_cursor: rows.length > limit && last ? writeCursor(last) : null,
    } satisfies DreamList);
  },
});

const get = endpoint({
  method: "get",
  path: "/dreams/{did}",
  name: "getDream",
  summary: "One dream",
  tag: "Dreams",
  access: "key",
  params: OneDream,
  answers: { 200: { description: "The dream.", schema: Dream } },
  problems: ["dream.not_found"],
  async handle(call) {
    const { keyHash } = call.caller;
    const found = await readReplicaFirst(
      call,
      (session) => readDream(session, keyHash, call.params.did),
      isThere,
    );
    if (found === undefined) throw invalidKey();
    if (found.dream === null) throw new ApiError("dream.not_found");
    return Response.json(await presentDream(found.dream, call));
  },
});

const patch = endpoint({
  method: "patch",
  path: "/dreams/{did}",
  name: "changeDream",
  summary: "Change a dream's title or text",
  description: "A video that is being made keeps the text it was requested with.",
  tag: "Dreams",
  access: "key",
  params: OneDream,
  body: PatchDream,
  example: { title: "The silver sea, again" },
  answers: { 200: { description: "The changed dream.", schema: Dream } },
  problems: ["dream.not_found", "dream.limit_reached"],
  async handle(call) {
    const { title, transcript } = call.body;
    const change: DreamChange = {
      ...(title === undefined ? {} : { title }),
      ...(transcript === undefined ? {} : transcriptColumns(transcript)),
      updatedAt: call.ports.now(),
    };
    const session = call.primary();
    const storage = readOwnerStorage(call.env);
    const dream = await updateDream(session, call.caller.keyHash, call.params.did, change, storage);
    if (dream !== undefined) return Response.json(await presentDream(dream, call));
    const known = await readDream(session, call.caller.keyHash, call.params.did);
    if (known === undefined) throw invalidKey();
    throw known.dream === null ? new ApiError("dream.not_found") : limitReached(storage);
  },
});

const remove = endpoint({
  method: "delete",
  path: "/dreams/{did}",
  name: "deleteDream",
  summary: "Delete a dream and everything made from it",
  description:
    "Removes text, jobs, logs, films, and bought assets that no other dream uses. A video that is being made is cancelled, and webhooks receive `job.cancelled`.",
  tag: "Dreams",
  access: "key",
  params: OneDream,
  answers: { 204: { description: "The dream is deleted." } },
  problems: ["dream.not_found"],
  async handle({ env, caller, params, ports, primary, defer }) {
    await deleteDream({ env, session: primary(), now: ports.now, defer }, caller.keyHash, params.did);
    return new Response(null, { status: 204 });
  },
});

const transcript = endpoint({
  method: "get",
  path: "/dreams/{did}/transcript",
  name: "getTranscript",
  summary: "A dream's text",
  tag: "Dreams",
  access: "key",
  params: OneDream,
  answers: { 200: { description: "The text.", schema: Transcript } },
  problems: ["dream.not_found"],
  async handle(call) {
    const { keyHash } = call.caller;
    const found = await readReplicaFirst(
      call,
      (session) => readTranscript(session, keyHash, call.params.did),
      isThere,
    );
    if (found === undefined) throw invalidKey();
    if (found.dream === null) throw new ApiError("dream.not_found");
    return Response.json(found.dream satisfies Transcript);
  },
});

const isThere = ({ dream }: { dream: unknown }) => dream !== null;

/** A text of nothing but white space has no characters to make a film of. */
const transcriptColumns = (text: string) => ({
  transcript: text,
  transcriptChars: hasVisibleText(text) ? [...text].length : 0,
});

export const dreamEndpoints = [create, list, get, patch, remove, transcript];
