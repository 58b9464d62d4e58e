/**
 * The client of the edge's internal API. It signs every call, checks every answer against the contract's
 * schemas, and translates refusals into errors named by what the job must do.
 */
import { randomUUID } from "node:crypto";
import { WebSocket } from "ws";
import { z } from "zod";
import type { PauseReport } from "../../contract/approval.ts";
import { ChargeAnswer, type ChargeRequest } from "../../contract/charge-request.ts";
import {
  type ReleaseRequest,
  type TakesComplete,
  type TranscriptionComplete,
  type VideoComplete,
  VideoCompleteAnswer,
} from "../../contract/completion.ts";
import type { Priority } from "../../contract/film.ts";
import { Problem } from "../../contract/problem.ts";
import { ReadClaimAnswer } from "../../contract/read-claim.ts";
import {
  type ProgressAnswer,
  ProgressAnswer as ProgressAnswerSchema,
  type ProgressReport,
} from "../../contract/report.ts";
import { numberMessages, signMessage } from "../../contract/signature.ts";
import { WorkerHeartbeatAnswer } from "../../contract/worker-heartbeat.ts";
import { Cancelled, CodedError, Conflict, Fenced, Rejected, Transient } from "../errors.ts";
import type { HeartbeatPort } from "../runtime/heartbeat.ts";
import type { PresencePort } from "../runtime/presence.ts";
import { traceHeader } from "../runtime/trace.ts";
import { retryAfterMs } from "./retry-after.ts";
import { boundFetch, uncompressed } from "./transfer/bounded-fetch.ts";
import { apiLimits, type FetchLimits } from "./transfer/limits.ts";

/**
 * How the edge took the end of a job: it ended the job, it had done so before, or it holds the job, which has
 * not failed, until an AI provider works again.
 */
export type Completion = "stored" | "repeated" | "held";

export interface EdgeClient {
  /**
   * Claims the job of the queue that is next in turn, or says why there is none. If `queue` is null, claims
   * the hinted job or none. A repeat with the same `claimId` is safe. `unreadable`: a newer edge answered in
   * a form that this worker cannot read. @throws Transient, Rejected
   */
  claim(
    hint: { jobId: string; queue: Priority | null },
    claimId: string,
    signal?: AbortSignal,
  ): Promise<ReadClaimAnswer>;
  /** Reports progress, which renews the lease. @throws Fenced, Cancelled, Transient, Rejected */
  report(jobId: string, report: ProgressReport, signal?: AbortSignal): Promise<ProgressAnswer>;
  /**
   * Tells the ledger about purchases, before and after each. @throws Fenced, Cancelled, Transient, Rejected
   */
  charge(jobId: string, request: ChargeRequest, signal?: AbortSignal): Promise<ChargeAnswer>;
  /** Hands the job back. @throws Fenced, Cancelled, Transient, Rejected */
  release(jobId: string, request: ReleaseRequest): Promise<void>;
  /** Ends the attempt so that the job waits for its owner. @throws Fenced, Cancelled, Transient, Rejected */
  pause(jobId: string, pause: PauseReport): Promise<Completion>;
  /** Reports the end of a job. @throws Fenced, Cancelled, Transient, Rejected, Conflict */
  complete(dreamId: string, completion: VideoComplete): Promise<Completion>;
  /** The same for the transcription of a segment. */
  completeTranscription(jobId: string, completion: TranscriptionComplete): Promise<Completion>;
  /** The same for the takes of a scene. */
  completeTakes(jobId: string, completion: TakesComplete): Promise<Completion>;
}

/** The client of the edge at `edgeUrl`. Each call ends within `limits`, including the answer's body. */
export function createEdgeClient(
  edgeUrl: string,
  secret: string,
  workerId: string,
  limits: FetchLimits = apiLimits,
): EdgeClient & HeartbeatPort & PresencePort {
  const request = boundFetch(limits);
  const nextId = numberMessages(randomUUID());
  const post = async <S extends z.ZodType>(path: string, body: unknown, schema: S, signal?: AbortSignal) => {
    const text = JSON.stringify(body);
    const signed = signMessage(secret, nextId(), Math.floor(Date.now() / 1000), text);
    try {
      const response = await request(new URL(path, edgeUrl), {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...uncompressed,
          "user-agent": "dreamreel-worker",
          ...traceHeader(),
          ...signed,
        },
        body: text,
        redirect: "manual",
        signal: signal ?? null,
      });
      if (!response.ok) throw await toError(response);
      return schema.parse(response.status === 204 ? null : await response.json()) as z.infer<S>;
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof CodedError || cause instanceof z.ZodError) throw cause;
      throw new Transient("edge.unreachable", "The edge did not answer", { cause, isOutage: true });
    }
  };

  return {
    claim: ({ jobId, queue }, claimId, signal) =>
      post(
        `/internal/jobs/${jobId}/claim`,
        { job_id: jobId, claim_id: claimId, worker_id: workerId, queue },
        ReadClaimAnswer,
        signal,
      ),
    report: (jobId, report, signal) =>
      post(`/internal/jobs/${jobId}/progress`, { job_id: jobId, ...report }, ProgressAnswerSchema, signal),
    charge: (jobId, request, signal) =>
      post(`/internal/jobs/${jobId}/charges`, { job_id: jobId, ...request }, ChargeAnswer, signal),
    release: async (jobId, request) => {
      await post(`/internal/jobs/${jobId}/release`, { job_id: jobId, ...request }, z.null());
    },
    sendHeartbeat: async (heartbeat) => {
      const path = `/internal/workers/${encodeURIComponent(workerId)}/sign-of-life`;
      return await post(path, { worker_id: workerId, ...heartbeat }, WorkerHeartbeatAnswer.nullable());
    },
    openPresence: (process) => {
      const path = `/internal/workers/${encodeURIComponent(workerId)}/presence?process=${process}`;
      const address = new URL(path, edgeUrl);
      const signed = address.pathname + address.search;
      address.protocol = address.protocol.replace("http", "ws");
      return new WebSocket(address, {
        headers: {
          "user-agent": "dreamreel-worker",
          ...signMessage(secret, nextId(), Math.floor(Date.now() / 1000), signed),
        },
        handshakeTimeout: limits.answerMs,
        maxPayload: presenceBytes,
      });
    },
    pause: async (jobId, pause) => {
      const path = `/internal/jobs/${jobId}/pause`;
      return readCompletion(await post(path, { job_id: jobId, ...pause }, VideoCompleteAnswer));
    },
    complete: async (dreamId, completion) =>
      readCompletion(await post(`/dreams/${dreamId}/video-complete`, completion, VideoCompleteAnswer)),
    completeTranscription: async (jobId, completion) => {
      const path = `/internal/jobs/${jobId}/transcribed`;
      return readCompletion(await post(path, { job_id: jobId, ...completion }, VideoCompleteAnswer));
    },
    completeTakes: async (jobId, completion) => {
      const path = `/internal/jobs/${jobId}/takes`;
      return readCompletion(await post(path, { job_id: jobId, ...completion }, VideoCompleteAnswer));
    },
  };
}

/** Bytes of a message on the presence connection: `pong`. */
const presenceBytes = 1_024;

const readCompletion = ({ applied, held }: VideoCompleteAnswer): Completion =>
  held ? "held" : applied ? "stored" : "repeated";

/** With these codes the attempt no longer holds the job. */
const jobLostCodes = new Set(["job.fenced", "job.finished", "job.not_found", "dream.not_found"]);

/** Decides by status and `code`, so that an HTML page of a proxy also becomes an error with a code. */
async function toError(response: Response): Promise<Error> {
  const problem = Problem.safeParse(await response.json().catch(() => null)).data;
  const code = problem?.code ?? `edge.http_${response.status}`;
  const message = problem?.title ?? `The edge answered ${response.status}`;
  if (jobLostCodes.has(code)) return new Fenced(code, message);
  if (code === "job.cancelled") return new Cancelled(code, message);
  if (response.status >= 500 || response.status === 429 || response.status === 408)
    return new Transient(code, message, { retryAfterMs: retryAfterMs(response.headers), isOutage: true });
  if (code === "signature.stale" || code === "signature.replayed")
    return new Transient(code, message, { isOutage: true });
  if (response.status === 409) return new Conflict(code, message);
  return new Rejected(code, message);
}
