/** The log of a dream's video: as a live stream, and as pages. */
import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { limits } from "../../contract/limits.ts";
import { EventPage, EventsAddress } from "../../contract/live.ts";
import { type EventsGrant, grantEvents, openEventsToken } from "../channel/token.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { binary, json, route } from "../http/route.ts";
import { type Admission, type AsKey, readAdmission } from "../store/keys.ts";
import { formatEventCursor, parseEventCursor, readLog } from "../store/log.ts";
import { readReplicaFirst, type Session } from "../store/open.ts";
import { limitProblem, readOwnerLimits } from "../store/owner-limits.ts";

export const eventRoutes = newRouter();

const OneDream = z.object({ did: DreamId });
const After = z.string().max(100).describe("`{job_id}:{seq}`: start after this event.");

const stream = route({
  method: "get",
  path: "/dreams/{did}/video-events",
  operationId: "streamVideoEvents",
  summary: "Watch the dream's video being made",
  description:
    "Server-sent events. First `snapshot` (a VideoStatus), and again whenever state or files change. Then the job's log: each " +
    "event under its type as a JobEvent with `id: {job_id}:{seq}`, from its start or after `Last-Event-ID` or `?after=`; no " +
    "event is lost or repeated. Between them `progress` (a LiveProgress) without id. `stream.gap` if the id is unknown. " +
    "With `?include=segments` also `segment` (a Segment) without id: each part of the told dream at first, and again whenever its " +
    "state or its text changes, until the log has ended. " +
    "`: ping` after 15 s of silence. After the last event the stream ends, and a client that reconnects with its id gets 204. " +
    "A stream also ends after 30 minutes, when the dream is deleted, and within a minute when its API key is revoked: " +
    "reconnect with the last id.",
  tags: ["Videos"],
  access: "listener",
  request: {
    params: OneDream,
    query: z.object({
      after: After.optional(),
      token: z.string().max(200).optional(),
      include: z.string().max(100).optional().describe("`segments`: with the parts of a told dream."),
    }),
  },
  responses: {
    200: binary("The stream.", "text/event-stream"),
    204: { description: "The log has ended, and the client has all of it." },
  },
  problems: ["dream.not_found", "stream.full", "stream.too_many"],
});

eventRoutes.openapi(stream, async (c) => {
  const { keyHash, secrets, ports, origin } = c.var;
  const { did } = c.req.valid("param");
  const query = c.req.valid("query");
  const { dreamId, ownerId, keyId } =
    keyHash === null
      ? await admitByToken(
          c.var,
          did,
          await openEventsToken(secrets.playback, query.token ?? "", ports.now()),
        )
      : await admit(c.var, { hash: keyHash }, did);
  const asked = new URLSearchParams({ dream: dreamId, owner: ownerId, key: keyId, origin });
  const after = c.req.header("last-event-id") ?? query.after;
  if (after) asked.set("after", after.slice(0, 100));
  if (query.include === "segments") asked.set("segments", "1");
  if (c.req.method === "HEAD")
    return new Response(null, { headers: { "content-type": "text/event-stream" } });
  const answer = await c.env.CHANNELS.getByName(dreamId).fetch(`https://channel/?${asked}`);
  if (answer.status === 404) throw new ApiError("dream.not_found");
  if (answer.status === 401) throw keyHash === null ? new ApiError("token.invalid") : invalidKey();
  if (answer.status === 429) throw limitProblem("stream.too_many", readOwnerLimits(c.env));
  if (answer.status === 503) throw new ApiError("stream.full", { headers: { "retry-after": "5" } });
  return new Response(answer.body, answer);
});

const token = route({
  method: "post",
  path: "/dreams/{did}/video-events/token",
  operationId: "createEventsAddress",
  summary: "Create an address of the live stream that needs no key",
  description:
    "For a browser's EventSource, which cannot send headers. It opens this dream's stream for one hour.",
  tags: ["Videos"],
  access: "key",
  request: { params: OneDream },
  responses: { 201: json("The address.", EventsAddress) },
  problems: ["dream.not_found"],
});

eventRoutes.openapi(token, async (c) => {
  const { keyHash, secrets, ports, origin } = c.var;
  const { did } = c.req.valid("param");
  const granted = await admit(c.var, { hash: keyHash }, did);
  const { token, expiresMs } = await grantEvents(secrets.playback[0], granted, ports.now());
  const address: EventsAddress = {
    events_url: `${origin}/dreams/${did}/video-events?token=${token}`,
    expires_at: new Date(expiresMs).toISOString(),
  };
  return c.json(address, 201, { "cache-control": "no-store" });
});

const list = route({
  method: "get",
  path: "/dreams/{did}/events",
  operationId: "listVideoEvents",
  summary: "Read the log of the dream's video",
  description: "The newest job's log, or an older job's if `after` names it: `{job_id}:0` is its start.",
  tags: ["Videos"],
  access: "key",
  request: {
    params: OneDream,
    query: z.strictObject({
      after: After.optional(),
      limit: z.coerce.number().int().min(1).max(limits.pageSize).default(limits.pageSize),
    }),
  },
  responses: { 200: json("A page, oldest first.", EventPage) },
  problems: ["dream.not_found", "cursor.invalid"],
});

eventRoutes.openapi(list, async (c) => {
  const { keyHash } = c.var;
  const { did } = c.req.valid("param");
  const query = c.req.valid("query");
  const place = query.after === undefined ? null : parseEventCursor(query.after);
  if (query.after !== undefined && place === null) throw new ApiError("cursor.invalid");
  const found = await readReplicaFirst(
    c.var,
    (session) => readLog(session, keyHash, did, place, query.limit + 1),
    ({ dream, job }) => dream !== null && (job !== null || place === null),
  );
  if (found === undefined) throw invalidKey();
  if (found.dream === null) throw new ApiError("dream.not_found");
  if (found.job === null && place !== null) throw new ApiError("cursor.invalid");
  const data = found.events.slice(0, query.limit);
  const seq = data.at(-1)?.seq ?? place?.seq ?? 0;
  const page: EventPage = {
    job_id: found.job,
    data,
    next_after: found.job === null ? null : formatEventCursor({ jobId: found.job, seq }),
    has_more: found.events.length > query.limit,
  };
  return c.json(page, 200);
});

type Admitted = Admission & { dreamId: string };
interface Sessions {
  replica(): Session;
  primary(): Session;
}

/** What the key may watch. @throws ApiError `auth.invalid`, `dream.not_found` */
async function admit(sessions: Sessions, key: AsKey, clientId: string): Promise<Admitted> {
  const found = await readReplicaFirst(
    sessions,
    (session) => readAdmission(session, key, clientId),
    ({ dreamId }) => dreamId !== null,
  );
  if (found === undefined) throw invalidKey();
  if (found.dreamId === null) throw new ApiError("dream.not_found");
  return { ...found, dreamId: found.dreamId };
}

/**
 * What the token may watch. @throws ApiError `token.invalid` if the key that issued it is revoked;
 * `dream.not_found`
 */
async function admitByToken(
  sessions: Sessions,
  clientId: string,
  { dreamId, keyId }: EventsGrant,
): Promise<Admitted> {
  const admitted = await admit(sessions, { id: keyId }, clientId).catch((error: unknown) => {
    const isRevoked = error instanceof ApiError && error.code === "auth.invalid";
    throw isRevoked ? new ApiError("token.invalid") : error;
  });
  // The token's dream is deleted and another dream has its client id, or the address names another dream.
  if (admitted.dreamId !== dreamId) throw new ApiError("dream.not_found");
  return admitted;
}
