import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { FinishRequest, VideoQueued, VideoStatus } from "../../contract/job.ts";
import { readPrices } from "../env.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { cancel as cancelJob } from "../jobs/cancel.ts";
import { finishDream } from "../jobs/finish.ts";
import { presentStatus } from "../present/present-dream.ts";
import { readReplicaFirst, type Session } from "../store/open.ts";
import { problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";
import { readStatus } from "../store/status.ts";

export const videoRoutes = newRouter();

const OneDream = z.object({ did: DreamId });

const finish = route({
  method: "post",
  path: "/dreams/{did}/finish",
  operationId: "finishDream",
  summary: "Request the dream's video",
  description:
    "Every option has a default, and the body is optional. The video uses the dream's current text: what was " +
    "written, then the segments that were told, in their order. It waits for transcriptions that still run.",
  tags: ["Videos"],
  access: "key",
  idempotent: true,
  expensive: true,
  request: {
    params: OneDream,
    body: jsonBody(FinishRequest, {
      example: { aspect: "9:16", length_seconds: 30, style: "watercolor", captions: "karaoke" },
      required: false,
    }),
  },
  responses: {
    202: json("The job is queued.", VideoQueued, { location: "The address of the job's status." }),
  },
  problems: [
    "dream.not_found",
    "dream.transcript_missing",
    "dream.transcript_too_long",
    "segment.not_uploaded",
    "segment.order_gap",
    "segment.failed",
    "voice.no_recording",
    "voice.recording_too_long",
    ...problemsOfLimits("film"),
    "job.active",
    "auth.forbidden",
  ],
});

videoRoutes.openapi(finish, async (c) => {
  const { keyHash, ports, origin, traceparent, note, jobContext } = c.var;
  const params = c.req.valid("param");
  const { new_storyboard: isFresh, ...options } = c.req.valid("json");
  const idempotency = await claimIdempotency(c.req.raw.headers, "POST /dreams/{did}/finish", {
    did: params.did,
    ...options,
    // Not if it is false, so that the fingerprints of older edges stay the same.
    ...(isFresh && { new_storyboard: true }),
  });
  const command = {
    keyHash,
    clientId: params.did,
    jobId: ports.newId("job"),
    ...{ options, isFresh },
    prices: readPrices(c.env),
    traceparent,
    idempotency,
    origin,
    ownerLimits: readOwnerLimits(c.env),
  };
  const { answer, isReplayed } = await finishDream(jobContext(), command);
  note({ job_id: answer.job_id });
  return c.json(answer, 202, {
    location: answer.status_url,
    "retry-after": "2",
    ...(isReplayed ? { "idempotency-replayed": "true" } : {}),
  });
});

const status = route({
  method: "get",
  path: "/dreams/{did}/video-status",
  operationId: "getVideoStatus",
  summary: "Read the status of the dream's video",
  tags: ["Videos"],
  access: "key",
  request: { params: OneDream },
  responses: { 200: json("All fields are null before a video was requested.", VideoStatus) },
  problems: ["dream.not_found"],
});

videoRoutes.openapi(status, async (c) => {
  const { did } = c.req.valid("param");
  const read = (session: Session) => readStatus(session, c.var.keyHash, did);
  const row = await readReplicaFirst(c.var, read, ({ dream }) => dream !== null);
  if (row === undefined) throw invalidKey();
  if (row.dream === null) throw new ApiError("dream.not_found");
  return c.json(await presentStatus(row, c.var), 200);
});

const cancel = route({
  method: "post",
  path: "/dreams/{did}/cancel",
  operationId: "cancelVideo",
  summary: "Cancel the dream's video",
  tags: ["Videos"],
  access: "key",
  request: { params: OneDream },
  responses: { 200: json("The job is cancelled.", VideoStatus) },
  problems: ["dream.not_found", "job.not_found", "job.finished"],
});

videoRoutes.openapi(cancel, async (c) => {
  const row = await cancelJob(c.var.jobContext(), c.var.keyHash, c.req.valid("param").did);
  return c.json(await presentStatus(row, c.var), 200);
});
