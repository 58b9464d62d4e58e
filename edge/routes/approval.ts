import { z } from "zod";
import { Approve, EditStoryboard, WaitingStoryboard } from "../../contract/approval.ts";
import { DreamId } from "../../contract/dream.ts";
import { VideoQueued } from "../../contract/job.ts";
import { readPrices } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { approve as approveFilm, findWaiting, replaceScenes } from "../jobs/approval.ts";
import { presentStoryboard } from "../present/present-storyboard.ts";
import { problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";

export const approvalRoutes = newRouter();

const OneDream = z.object({ did: DreamId });
const etag = { etag: 'The storyboard\'s revision, as `"3"`.' };
const etagOf = ({ revision }: WaitingStoryboard) => ({ etag: `"${revision}"` });

const show = route({
  method: "get",
  path: "/dreams/{did}/storyboard",
  operationId: "getStoryboard",
  summary: "Read the storyboard that waits for an approval",
  description:
    "For a film that was requested with `pause_after` and has stopped: what it will tell and show, and what it will cost.",
  tags: ["Videos"],
  access: "key",
  request: { params: OneDream },
  responses: { 200: json("The storyboard.", WaitingStoryboard, etag) },
  problems: ["dream.not_found", "job.not_waiting"],
});

approvalRoutes.openapi(show, async (c) => {
  const { keyHash, primary } = c.var;
  const film = await findWaiting(primary(), { keyHash, clientId: c.req.valid("param").did });
  const storyboard = await presentStoryboard(film, readPrices(c.env), c.var);
  return c.json(storyboard, 200, etagOf(storyboard));
});

const edit = route({
  method: "put",
  path: "/dreams/{did}/storyboard",
  operationId: "editStoryboard",
  summary: "Change the storyboard that waits for an approval",
  description:
    "Replaces title and scenes. Send the scenes as they were read, changed, added, removed, moved or merged. Where " +
    "`own_voice` is true, scenes can be removed and merged, but tell no other words. `If-Match` " +
    'names the revision that was read, as `"3"`, so that no change of another client is lost; `*` replaces any.',
  tags: ["Videos"],
  access: "key",
  request: {
    params: OneDream,
    headers: z.object({ "if-match": z.string().optional().describe("The `ETag` that was read. Needed.") }),
    body: jsonBody(EditStoryboard, {
      example: {
        title: "The silver sea",
        scenes: [{ narration: "I flew over a silver sea.", picture: "A person flies over a silver sea." }],
      },
    }),
  },
  responses: { 200: json("The changed storyboard.", WaitingStoryboard, etag) },
  problems: [
    ...(["dream.not_found", "job.not_waiting", "storyboard.changed", "storyboard.own_voice"] as const),
    ...(["storyboard.not_allowed", "request.precondition_required"] as const),
  ],
});

approvalRoutes.openapi(edit, async (c) => {
  const { keyHash, jobContext } = c.var;
  const revision = readIfMatch(c.req.header("if-match"));
  const named = { keyHash, clientId: c.req.valid("param").did };
  const prices = readPrices(c.env);
  const film = await replaceScenes(jobContext(), named, revision, c.req.valid("json"), prices);
  const storyboard = await presentStoryboard(film, prices, c.var);
  return c.json(storyboard, 200, etagOf(storyboard));
});

/**
 * The revision that the client has read; null for `*`. A weak tag counts too: Cloudflare makes tags weak when
 * it compresses an answer.
 *
 * @throws ApiError `request.precondition_required`, `storyboard.changed`
 */
function readIfMatch(header: string | undefined): number | null {
  if (header === undefined) throw new ApiError("request.precondition_required");
  if (header.trim() === "*") return null;
  const revision = /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(header)?.[1];
  if (revision === undefined) throw new ApiError("storyboard.changed");
  return Number(revision);
}

const approve = route({
  method: "post",
  path: "/dreams/{did}/approve",
  operationId: "approveFilm",
  summary: "Approve the storyboard",
  description:
    "The film goes on with the storyboard as it is now, and does not stop again. Of any number of approvals of one " +
    "revision the first has an effect, and all have the same answer.",
  tags: ["Videos"],
  access: "key",
  idempotent: true,
  expensive: true,
  request: { params: OneDream, body: jsonBody(Approve, { example: { revision: 1 } }) },
  responses: {
    202: json("The job is queued.", VideoQueued, { location: "The address of the job's status." }),
  },
  problems: [
    "dream.not_found",
    "job.not_waiting",
    "storyboard.stale",
    "storyboard.not_allowed",
    ...problemsOfLimits("approval"),
  ],
});

approvalRoutes.openapi(approve, async (c) => {
  const { keyHash, origin, note, jobContext } = c.var;
  const { did } = c.req.valid("param");
  const { revision } = c.req.valid("json");
  const idempotency = await claimIdempotency(c.req.raw.headers, "POST /dreams/{did}/approve", {
    did,
    revision,
  });
  const command = {
    ...{ keyHash, clientId: did, revision, idempotency, origin },
    ...{ prices: readPrices(c.env), ownerLimits: readOwnerLimits(c.env) },
  };
  const { answer, isReplayed } = await approveFilm(jobContext(), command);
  note({ job_id: answer.job_id });
  return c.json(answer, 202, {
    location: answer.status_url,
    "retry-after": "2",
    ...(isReplayed ? { "idempotency-replayed": "true" } : {}),
  });
});
