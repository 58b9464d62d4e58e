import { z } from "zod";
import { DreamId } from "../../contract/dream.ts";
import { FilmOptions } from "../../contract/film.ts";
import { VideoQueued, VideoStatus } from "../../contract/job.ts";
import { readActiveJobs, readOwnerStorage, readPrices } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../errors/invalid-key.ts";
import { endpoint } from "../http/endpoint.ts";
import { claimIdempotency } from "../http/idempotency.ts";
import { cancel as cancelJob } from "../jobs/cancel.ts";
import { finishDream, limitReached, tooMany } from "../jobs/finish.ts";
import { presentStatus } from "../present/present-dream.ts";
import type { Session } from "../store/open.ts";
import { readReplicaFirst } from "../store/read-replica-first.ts";
import { readStatus } from "../store/status.ts";

const OneDream = z.object({ did: DreamId });

const finish = endpoint({
  method: "post",
  path: "/dreams/{did}/finish",
  name: "finishDream",
  summary: "Request the dream's video",
  description:
    "Every option has a default, and the body is optional. The video uses the dream's current text.",
  tag: "Videos",
  access: "key",
  params: OneDream,
  body: FilmOptions,
  example: { aspect: "9:16", length_seconds: 30, style: "watercolor", captions: "karaoke" },
  bodyOptional: true,
  idempotent: true,
  expensive: true,
  answers: {
    202: {
      description: "The job is queued.",
      schema: VideoQueued,
      headers: { location: "The address of the job's status." },
    },
  },
  problems: [
    "dream.not_found",
    "dream.transcript_missing",
    "dream.limit_reached",
    "job.active",
    "job.too_many",
    "auth.forbidden",
  ],
  async handle({ env, caller, params, body, request, ports, origin, traceparent, note, primary, defer }) {
    const said = { did: params.did, ...body };
    const idempotency = await claimIdempotency(request.headers, "POST /dreams/{did}/finish", said);
    const command = {
      keyHash: caller.keyHash,
      clientId: params.did,
      jobId: ports.newId("job"),
      options: body,
      prices: readPrices(env),
      traceparent,
      idempotency,
      origin,
      mostActive: readActiveJobs(env),
      storage: readOwnerStorage(env),
    };
    const context = { env, session: primary(), now: ports.now, defer };
    const finished = await finishDream(context, command);
    if (finished.outcome === "refused") throw refusal(finished.code);
    const { answer } = finished;
    note({ job_id: answer.job_id });
    return Response.json(answer, {
      status: 202,
      headers: {
        location: answer.status_url,
        "retry-after": "2",
        ...(finished.outcome === "replayed" ? { "idempotency-replayed": "true" } : {}),
      },
    });

    function refusal(code: (typeof finished & { outcome: "refused" })["code"]): ApiError {
      if (code === "job.too_many") return tooMany();
      if (code === "dream.limit_reached") return limitReached(command.storage);
      if (code === "auth.invalid") return invalidKey();
      return new ApiError(
        code,
        code === "auth.forbidden" ? { detail: "`premium` needs a premium key." } : {},
      );
    }
  },
});

const status = endpoint({
  method: "get",
  path: "/dreams/{did}/video-status",
  name: "getVideoStatus",
  summary: "Read the status of the dream's video",
  tag: "Videos",
  access: "key",
  params: OneDream,
  answers: { 200: { description: "All fields are null before a video was requested.", schema: VideoStatus } },
  problems: ["dream.not_found"],
  async handle(call) {
    const { keyHash } = call.caller;
    const read = (session: Session) => readStatus(session, keyHash, call.params.did);
    const row = await readReplicaFirst(call, read, ({ dream }) => dream !== null);
    if (row === undefined) throw invalidKey();
    if (row.dream === null) throw new ApiError("dream.not_found");
    return Response.json(await presentStatus(row, call));
  },
});

const cancel = endpoint({
  method: "post",
  path: "/dreams/{did}/cancel",
  name: "cancelVideo",
  summary: "Cancel the dream's video",
  tag: "Videos",
  access: "key",
  params: OneDream,
  answers: { 200: { description: "The job is cancelled.", schema: VideoStatus } },
  problems: ["dream.not_found", "job.not_found", "job.finished"],
  async handle(call) {
    const { env, ports, defer } = call;
    const context = { env, session: call.primary(), now: ports.now, defer };
    const row = await cancelJob(context, call.caller.keyHash, call.params.did);
    return Response.json(await presentStatus(row, call));
  },
});

export const videoEndpoints = [finish, status, cancel];
