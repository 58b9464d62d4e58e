/**
 * The endpoints that a render worker calls about a job. They are signed; a repeated report changes nothing;
 * an attempt that lost its job is refused.
 */
import { z } from "zod";
import { PauseReport } from "../../contract/approval.ts";
import { ChargeAnswer, ChargeRequest } from "../../contract/charge-request.ts";
import { ClaimAnswer, ClaimRequest } from "../../contract/claim.ts";
import {
  ReleaseRequest,
  TakesComplete,
  TranscriptionComplete,
  VideoComplete,
  VideoCompleteAnswer,
} from "../../contract/completion.ts";
import { DreamId } from "../../contract/dream.ts";
import { ProgressAnswer, ProgressReport } from "../../contract/report.ts";
import { aboutJob } from "../../contract/worker-message.ts";
import { readDailyBudget } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter, type Variables } from "../http/api.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { claim as claimJob } from "../jobs/claim.ts";
import { claimCharges } from "../jobs/claim-charges.ts";
import { complete as completeJob } from "../jobs/complete.ts";
import { pause as pauseJob } from "../jobs/pause.ts";
import { release as releaseJob } from "../jobs/release.ts";
import { reportProgress } from "../jobs/report-progress.ts";
import { completeTranscription } from "../jobs/segments/complete.ts";
import { completeTakes } from "../jobs/takes/complete-takes.ts";
import type { AttemptRef } from "../store/attempt.ts";
import type { Nonce } from "../store/nonces.ts";

export const workerRoutes = newRouter();

const OneJob = z.object({ job_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const lost = ["job.not_found", "job.fenced", "job.cancelled", "job.finished"] as const;

/**
 * A body that is signed for one job is refused at another job's address. @throws ApiError `job.not_found`
 */
function requireSameJob(params: { job_id: string }, body: { job_id: string }): void {
  if (params.job_id !== body.job_id) throw new ApiError("job.not_found");
}

/** The attempt that a report is about, which the request's log line names as well. */
function attemptRef(
  { note, nonce }: Pick<Variables, "note"> & { nonce: Nonce },
  { job_id, attempt }: { job_id: string; attempt: number },
): AttemptRef {
  note({ job_id, attempt });
  return { jobId: job_id, dreamId: null, attempt, nonce };
}

const claim = route({
  method: "post",
  path: "/internal/jobs/{job_id}/claim",
  operationId: "claimJob",
  summary: "Claim a job",
  tags: ["Worker"],
  access: "worker",
  request: { params: OneJob, body: jsonBody(aboutJob(ClaimRequest)) },
  responses: { 200: json("The job, or the reason why the worker does not get one.", ClaimAnswer) },
  problems: ["job.not_found"],
});

workerRoutes.openapi(claim, async (c) => {
  const { nonce, note, jobContext } = c.var;
  const { job_id: jobId, claim_id: claimId, worker_id: workerId, queue } = c.req.valid("json");
  note({ job_id: jobId });
  requireSameJob(c.req.valid("param"), { job_id: jobId });
  const answer = await claimJob(jobContext(), { jobId, claimId, workerId, queue }, nonce);
  if (answer.outcome !== "not_yours") note({ job_id: answer.job_id, attempt: answer.attempt });
  return c.json(answer, 200);
});

const progress = route({
  method: "post",
  path: "/internal/jobs/{job_id}/progress",
  operationId: "reportProgress",
  summary: "Report progress and renew the lease",
  tags: ["Worker"],
  access: "worker",
  quiet: true,
  request: { params: OneJob, body: jsonBody(aboutJob(ProgressReport)) },
  responses: { 200: json("The lease is renewed.", ProgressAnswer) },
  problems: lost,
});

workerRoutes.openapi(progress, async (c) => {
  const body = c.req.valid("json");
  const ref = attemptRef(c.var, body);
  requireSameJob(c.req.valid("param"), body);
  return c.json(await reportProgress(c.var.jobContext(), ref, body), 200);
});

const charges = route({
  method: "post",
  path: "/internal/jobs/{job_id}/charges",
  operationId: "claimCharges",
  summary: "Reserve, send and settle purchases",
  description:
    "Settles earlier purchases, reserves new ones within the budgets, and marks purchases that begin now.",
  tags: ["Worker"],
  access: "worker",
  request: { params: OneJob, body: jsonBody(aboutJob(ChargeRequest)) },
  responses: { 200: json("One decision for each purchase.", ChargeAnswer) },
  problems: lost,
});

workerRoutes.openapi(charges, async (c) => {
  const body = c.req.valid("json");
  const ref = attemptRef(c.var, body);
  requireSameJob(c.req.valid("param"), body);
  return c.json(await claimCharges(c.var.jobContext(), ref, body, readDailyBudget(c.env)), 200);
});

const release = route({
  method: "post",
  path: "/internal/jobs/{job_id}/release",
  operationId: "releaseJob",
  summary: "Release the job",
  tags: ["Worker"],
  access: "worker",
  request: { params: OneJob, body: jsonBody(aboutJob(ReleaseRequest)) },
  responses: { 204: { description: "The job is queued again, or it has failed." } },
  problems: lost,
});

workerRoutes.openapi(release, async (c) => {
  const body = c.req.valid("json");
  const ref = attemptRef(c.var, body);
  requireSameJob(c.req.valid("param"), body);
  await releaseJob(c.var.jobContext(), ref, body);
  return c.body(null, 204);
});

const pause = route({
  method: "post",
  path: "/internal/jobs/{job_id}/pause",
  operationId: "pauseJob",
  summary: "Pause the job until its owner approves it",
  tags: ["Worker"],
  access: "worker",
  request: { params: OneJob, body: jsonBody(aboutJob(PauseReport)) },
  responses: { 200: json("Stored. `applied` is false if it was stored before.", VideoCompleteAnswer) },
  problems: lost,
});

workerRoutes.openapi(pause, async (c) => {
  const body = c.req.valid("json");
  const ref = { ...attemptRef(c.var, body), kind: "film" as const };
  requireSameJob(c.req.valid("param"), body);
  return c.json(await pauseJob(c.var.jobContext(), ref, body), 200);
});

const complete = route({
  method: "post",
  path: "/dreams/{did}/video-complete",
  operationId: "completeVideo",
  summary: "Complete the job",
  tags: ["Worker"],
  access: "worker",
  request: { params: z.object({ did: DreamId }), body: jsonBody(VideoComplete) },
  responses: { 200: json("Stored. `applied` is false if it was stored before.", VideoCompleteAnswer) },
  problems: [...lost, "job.not_found"],
});

workerRoutes.openapi(complete, async (c) => {
  const body = c.req.valid("json");
  const ref = { ...attemptRef(c.var, body), dreamId: c.req.valid("param").did, kind: "film" as const };
  return c.json(await completeJob(c.var.jobContext(), ref, body), 200);
});

const transcribed = route({
  method: "post",
  path: "/internal/jobs/{job_id}/transcribed",
  operationId: "completeTranscription",
  summary: "Complete the transcription of a segment",
  tags: ["Worker"],
  access: "worker",
  request: { params: OneJob, body: jsonBody(aboutJob(TranscriptionComplete)) },
  responses: { 200: json("Stored. `applied` is false if it was stored before.", VideoCompleteAnswer) },
  problems: lost,
});

workerRoutes.openapi(transcribed, async (c) => {
  const body = c.req.valid("json");
  const ref = { ...attemptRef(c.var, body), kind: "transcription" as const };
  requireSameJob(c.req.valid("param"), body);
  return c.json(await completeTranscription(c.var.jobContext(), ref, body), 200);
});

const taken = route({
  method: "post",
  path: "/internal/jobs/{job_id}/takes",
  operationId: "completeTakes",
  summary: "Complete the takes of a scene",
  tags: ["Worker"],
  access: "worker",
  request: { params: OneJob, body: jsonBody(aboutJob(TakesComplete)) },
  responses: { 200: json("Stored. `applied` is false if it was stored before.", VideoCompleteAnswer) },
  problems: lost,
});

workerRoutes.openapi(taken, async (c) => {
  const body = c.req.valid("json");
  const ref = { ...attemptRef(c.var, body), kind: "takes" as const };
  requireSameJob(c.req.valid("param"), body);
  return c.json(await completeTakes(c.var.jobContext(), ref, body), 200);
});
