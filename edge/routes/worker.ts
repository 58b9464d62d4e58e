/** What render workers call. Signed; a repeated report changes nothing; an attempt that lost its job is told so. */
import { z } from "zod";
import { ChargeAnswer, ChargeRequest } from "../../contract/charge.ts";
import { DreamId } from "../../contract/dream.ts";
import {
  aboutJob,
  ClaimAnswer,
  ClaimRequest,
  ProgressAnswer,
  ProgressReport,
  ReleaseRequest,
  VideoComplete,
  VideoCompleteAnswer,
  WorkerHeartbeat,
  WorkerHeartbeatAnswer,
} from "../../contract/internal.ts";
import { writePrices } from "../../contract/prices.ts";
import { readDailyBudget, readPrices } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { endpoint } from "../http/endpoint.ts";
import { claim as claimJob } from "../jobs/claim.ts";
import { claimCharges } from "../jobs/claim-charges.ts";
import { complete as completeJob } from "../jobs/complete.ts";
import { release as releaseJob } from "../jobs/release.ts";
import { reportProgress } from "../jobs/report-progress.ts";
import { noteWorker } from "../store/workers.ts";

const OneJob = z.object({ job_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const lost = ["job.not_found", "job.fenced", "job.cancelled", "job.finished"] as const;

/** What was signed for one job opens no other. @throws ApiError `job.not_found` */
function requireSameJob(params: { job_id: string }, body: { job_id: string }): void {
  if (params.job_id !== body.job_id) throw new ApiError("job.not_found");
}

const claim = endpoint({
  method: "post",
  path: "/internal/jobs/{job_id}/claim",
  name: "claimJob",
  summary: "Claim a job",
  tag: "Worker",
  access: "worker",
  params: OneJob,
  body: aboutJob(ClaimRequest),
  answers: {
    200: { description: "The job, or the reason why the worker does not get one.", schema: ClaimAnswer },
  },
  problems: ["job.not_found"],
  async handle({ env, caller, params, body, ports, note, primary, defer }) {
    requireSameJob(params, body);
    const { claim_id: claimId, worker_id: workerId, queue } = body;
    const request = { jobId: params.job_id, claimId, workerId, queue };
    const context = { env, session: primary(), now: ports.now, defer };
    const answer = await claimJob(context, request, caller.nonce);
    if (answer.outcome === "claimed") note({ job_id: answer.job_id, attempt: answer.attempt });
    return Response.json(answer);
  },
});

const progress = endpoint({
  method: "post",
  path: "/internal/jobs/{job_id}/progress",
  name: "reportProgress",
  quiet: true,
  summary: "Report progress and renew the lease",
  tag: "Worker",
  access: "worker",
  params: OneJob,
  body: aboutJob(ProgressReport),
  answers: { 200: { description: "The lease is renewed.", schema: ProgressAnswer } },
  problems: lost,
  async handle({ env, caller, params, body, ports, primary, defer }) {
    requireSameJob(params, body);
    const ref = { jobId: params.job_id, dreamId: null, attempt: body.attempt, nonce: caller.nonce };
    const answer = await reportProgress({ env, session: primary(), now: ports.now, defer }, ref, body);
    return Response.json(answer);
  },
});

const charges = endpoint({
  method: "post",
  path: "/internal/jobs/{job_id}/charges",
  name: "claimCharges",
  summary: "Reserve, send and settle purchases",
  description:
    "Settles earlier purchases, reserves new ones within the budgets, and marks purchases that begin now.",
  tag: "Worker",
  access: "worker",
  params: OneJob,
  body: aboutJob(ChargeRequest),
  answers: { 200: { description: "One decision for each purchase.", schema: ChargeAnswer } },
  problems: lost,
  async handle({ env, caller, params, body, ports, primary }) {
    requireSameJob(params, body);
    const ref = { jobId: params.job_id, dreamId: null, attempt: body.attempt, nonce: caller.nonce };
    return Response.json(await claimCharges(primary(), ref, body, readDailyBudget(env), ports.now()));
  },
});

const release = endpoint({
  method: "post",
  path: "/internal/jobs/{job_id}/release",
  name: "releaseJob",
  summary: "Release the job",
  tag: "Worker",
  access: "worker",
  params: OneJob,
  body: aboutJob(ReleaseRequest),
  answers: { 204: { description: "The job is queued again, or it has failed." } },
  problems: lost,
  async handle({ env, caller, params, body, ports, primary, defer }) {
    requireSameJob(params, body);
    const ref = { jobId: params.job_id, dreamId: null, attempt: body.attempt, nonce: caller.nonce };
    await releaseJob({ env, session: primary(), now: ports.now, defer }, ref, body);
    return new Response(null, { status: 204 });
  },
});

const complete = endpoint({
  method: "post",
  path: "/dreams/{did}/video-complete",
  name: "completeVideo",
  summary: "Complete the job",
  tag: "Worker",
  access: "worker",
  params: z.object({ did: DreamId }),
  body: VideoComplete,
  answers: {
    200: {
      description: "Stored. `applied` is false if it was stored before.",
      schema: VideoCompleteAnswer,
    },
  },
  problems: [...lost, "job.not_found"],
  async handle({ env, caller, params, body, ports, primary, defer }) {
    const ref = { jobId: body.job_id, dreamId: params.did, attempt: body.attempt, nonce: caller.nonce };
    const answer = await completeJob({ env, session: primary(), now: ports.now, defer }, ref, body);
    return Response.json(answer);
  },
});

const workerHeartbeat = endpoint({
  method: "post",
  path: "/internal/workers/{worker_id}/sign-of-life",
  name: "noteWorker",
  quiet: true,
  summary: "Send a worker heartbeat",
  tag: "Worker",
  access: "worker",
  params: z.object({ worker_id: z.string().min(1).max(128) }),
  body: WorkerHeartbeat,
  answers: {
    200: {
      description: "Stored. The answer to a worker that sends its prices.",
      schema: WorkerHeartbeatAnswer,
    },
    204: { description: "Stored. The answer to an older worker." },
  },
  problems: ["request.not_found"],
  async handle({ env, caller, params, body, ports, primary }) {
    if (params.worker_id !== body.worker_id) throw new ApiError("request.not_found");
    const isNew = await noteWorker(primary(), body, caller.nonce, ports.now());
    if (!isNew) throw new ApiError("signature.replayed");
    if (body.prices === undefined) return new Response(null, { status: 204 });
    return Response.json({ prices: writePrices(readPrices(env)) } satisfies WorkerHeartbeatAnswer);
  },
});

export const workerEndpoints = [claim, progress, charges, release, complete, workerHeartbeat];
