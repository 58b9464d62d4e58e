/**
 * Runs one job from its claim to its callback.
 *
 *   claim ── not ours ──────────────────────────────▶ ack
 *     └─ ours ─▶ make the film and report progress
 *           ├─ far enough for its owner to decide ─▶ pause ─▶ ack
 *           ├─ made, or cannot be made ─▶ video-complete, until the edge has stored it ─▶ ack
 *           │    (if an AI provider refuses every call, the edge queues and holds the job)
 *           ├─ may work later, shutdown, stalled or refused ─▶ release ─▶ ack
 *           │    (the edge queues the job again)
 *           ├─ fenced or cancelled ─▶ change nothing ─▶ ack
 *           └─ the edge cannot be reached ─▶ retry
 *                (the queue delivers the message again after a delay)
 */
import { randomUUID } from "node:crypto";
import type { ReleaseRequest } from "../contract/completion.ts";
import type { Priority } from "../contract/film.ts";
import type { CarriedReport } from "../contract/report.ts";
import { continueTrace, traceIdOf } from "../contract/trace.ts";
import type { Completion } from "./clients/edge.ts";
import { Cancelled, CodedError, codeOf, Fenced, Poison, Rejected, Transient } from "./errors.ts";
import { type RetryPolicy, retryTransient } from "./flow/retry.ts";
import { type StallTimes, watchProgress } from "./flow/watch-progress.ts";
import { Progress } from "./pipeline/progress.ts";
import { startReporting } from "./reporting.ts";
import { failpoint } from "./runtime/failpoint.ts";
import type { Logger } from "./runtime/log.ts";
import type { Metrics } from "./runtime/metrics.ts";
import type { Presence } from "./runtime/presence.ts";
import { withScratch } from "./runtime/scratch.ts";
import { withinTrace } from "./runtime/trace.ts";
import { chooseWork, type End, type Work, type WorkPorts } from "./work.ts";

export interface JobPorts extends WorkPorts {
  scratchDir: string;
  metrics: Pick<Metrics, "jobEnded" | "filmCompleted">;
  log: Logger;
  presence?: Pick<Presence, "onAsked" | "isOpen">;
  stallTimes?: StallTimes;
}

/** What the loop does with the queue message. `retry`: the queue delivers it again after a delay. */
export type AckDecision = "ack" | "retry";

/** The reason of an abort that means: the process stops, hand the job back. */
export class ShuttingDown extends Error {}

const claimPolicy: RetryPolicy = { tries: 4, baseDelayMs: 250, maxDelayMs: 2_000 };
/** Longer than a restart of the edge takes: a completion that is lost costs a whole attempt. */
const completionPolicy: RetryPolicy = { tries: 30, baseDelayMs: 500, maxDelayMs: 15_000 };
const outageDelaySeconds = 30;

/**
 * A queue message: some job of this queue is ready. The edge decides at the claim which job the worker gets.
 */
export interface JobHint {
  jobId: string;
  queue: Priority;
}

/**
 * Claims one job, makes its film and tells the edge how it ended. Never throws.
 *
 * @param signal aborts with ShuttingDown when the process stops
 * @returns whether the loop acks the message
 */
export async function runJob(hint: JobHint, ports: JobPorts, signal: AbortSignal): Promise<AckDecision> {
  const claimId = randomUUID();
  let log = ports.log.child({ job_id: hint.jobId });
  try {
    const answer = await retryTransient(claimPolicy, signal, () => ports.edge.claim(hint, claimId, signal));
    if (answer.outcome === "not_yours") {
      log.info({ reason: answer.reason }, "job.not_ours");
      return "ack";
    }
    if (answer.outcome === "unreadable") return await releaseUnreadable(answer, ports, log, signal);
    const work = chooseWork(answer, ports);
    if (work === null) return await releaseUnreadable(answer, ports, log, signal);
    const trace = continueTrace(answer.traceparent);
    log = ports.log.child({ job_id: answer.job_id, attempt: answer.attempt, trace_id: traceIdOf(trace) });
    log.info("job.claimed");
    failpoint("job.claimed");
    return await withinTrace(trace, () => runAttempt(work, ports, log, signal));
  } catch (error) {
    log.error({ error }, "job.left");
    return "retry";
  }
}

/**
 * Releases a job that this worker cannot do, or that a newer edge describes in a form it cannot read. A
 * newer worker may take it, and the release counts no attempt.
 */
async function releaseUnreadable(
  { job_id, attempt }: { job_id: string | null; attempt: number | null },
  ports: JobPorts,
  log: Logger,
  signal: AbortSignal,
): Promise<AckDecision> {
  log.error({ given: job_id, attempt }, "job.claim_unreadable");
  if (job_id === null || attempt === null) return "retry";
  const outdated = new Transient(
    "worker.outdated",
    "The worker is older than the edge and cannot read the job",
    { isOutage: true },
  );
  await retryTransient(claimPolicy, signal, () =>
    ports.edge.release(job_id, releaseFor(outdated, { attempt })),
  );
  ports.metrics.jobEnded("released", outdated.code);
  return "ack";
}

/** A claimed job that is being worked on. */
interface Attempt {
  work: Work;
  progress: Progress;
  ports: JobPorts;
  log: Logger;
}

async function runAttempt(
  work: Work,
  ports: JobPorts,
  log: Logger,
  shutdown: AbortSignal,
): Promise<AckDecision> {
  const { job } = work;
  const stopped = new AbortController();
  const watch = watchProgress(ports.stallTimes);
  const signal = AbortSignal.any([shutdown, stopped.signal, watch.signal]);
  const progress = new Progress(() => {
    watch.progressed();
    reporting.notify();
  });
  const attempt: Attempt = { work, progress, ports, log };
  const reporting = startReporting(
    ports.edge,
    job,
    progress,
    (reason) => stopped.abort(reason),
    () => ports.presence?.isOpen() ?? false,
  );
  const endProofs = ports.presence?.onAsked(() => reporting.prove());
  const startedAt = performance.now();
  try {
    const made = withScratch(ports.scratchDir, job.job_id, (folder) => work.run(folder, progress, signal));
    const end = await Promise.race([made, watch.abandoned]).catch((error: unknown) =>
      signal.aborted ? signal.reason : error,
    );
    watch.end();
    if (!(end instanceof Error)) {
      const lastReport = work.takesLastReport && end.outcome !== "paused" ? await reporting.takeRest() : null;
      if (lastReport === null) await reporting.drain();
      failpoint("job.before_complete");
      const refused = await sendCompletion(end, lastReport, stopped.signal);
      if (refused instanceof Transient) {
        await reporting.drain();
        return await release(refused, attempt, stopped.signal);
      }
      failpoint("job.completed");
      const outcome = end.outcome === "paused" ? "paused" : "completed";
      ports.metrics.jobEnded(outcome, "none");
      log.info(
        { seconds: secondsSince(startedAt), kind: work.kind, media_seconds: end.seconds },
        `job.${outcome}`,
      );
      return "ack";
    }
    // Also during a shutdown: the edge must have every settlement before another worker takes the job.
    await reporting.drain();
    return await endUnfinished(end, attempt, stopped.signal);
  } catch (error) {
    // The edge refused a report, so `stopped` is aborted already. The release needs a signal of its own.
    if (error instanceof Transient && error === stopped.signal.reason)
      return await endUnfinished(error, attempt, new AbortController().signal);
    if (error instanceof Fenced || error instanceof Cancelled) return logStopped(error, attempt);
    throw error;
  } finally {
    watch.end();
    endProofs?.();
    await reporting.stop();
  }
}

/**
 * Ends an attempt without a result. The class of `error` decides between complete (failed), release and no
 * change.
 */
async function endUnfinished(error: Error, attempt: Attempt, signal: AbortSignal): Promise<AckDecision> {
  const { work, progress, ports, log } = attempt;
  if (error instanceof Fenced || error instanceof Cancelled) return logStopped(error, attempt);
  if (error instanceof Poison || error instanceof Rejected) {
    const sent = await sendCompletion(work.fail(error, progress), null, signal);
    if (sent instanceof Transient) return await release(sent, attempt, signal);
    log.warn({ error }, sent === "held" ? "job.held" : "job.failed");
    ports.metrics.jobEnded(sent === "held" ? "released" : "failed", error.code);
    return "ack";
  }
  return await release(error, attempt, signal);
}

async function release(error: Error, attempt: Attempt, signal: AbortSignal): Promise<AckDecision> {
  const { ports, log } = attempt;
  const { job } = attempt.work;
  log.warn({ error }, "job.released");
  ports.metrics.jobEnded("released", codeOf(error));
  failpoint("job.before_release");
  await retryTransient(claimPolicy, signal, () => ports.edge.release(job.job_id, releaseFor(error, job)));
  failpoint("job.released");
  return "ack";
}

function logStopped(error: Fenced | Cancelled, { ports, log }: Attempt): AckDecision {
  ports.metrics.jobEnded("stopped", error.code);
  log.warn({ code: error.code }, "job.stopped");
  return "ack";
}

function releaseFor(error: Error, { attempt }: Pick<Work["job"], "attempt">): ReleaseRequest {
  if (error instanceof ShuttingDown)
    return {
      attempt,
      reason: "shutdown",
      code: "worker.shutdown",
      message: "The worker shut down; another worker takes over",
      delay_seconds: 0,
    };
  if (!(error instanceof Transient))
    return {
      attempt,
      reason: "error",
      code: "worker.error",
      message: "The worker hit an unexpected error",
      delay_seconds: 5,
    };
  const { code, message, retryAfterMs, isOutage } = error;
  const delay_seconds = Math.min(3600, Math.ceil((retryAfterMs ?? outageDelaySeconds * 1000) / 1000));
  return { attempt, reason: isOutage ? "outage" : "error", code, message, delay_seconds };
}

/**
 * Sends the completion until the edge has stored it.
 *
 * @returns how the edge took it, or why the edge refuses it for good: the worker then releases the job
 * @throws Fenced, Cancelled or Transient
 */
async function sendCompletion(
  end: End,
  lastReport: CarriedReport | null,
  signal: AbortSignal,
): Promise<Completion | Transient> {
  try {
    return await retryTransient(completionPolicy, signal, () => end.send(lastReport));
  } catch (error) {
    if (error instanceof Fenced || error instanceof Cancelled || error instanceof Transient) throw error;
    const reason = error instanceof CodedError ? error.code : "unreadable";
    return new Transient("completion.refused", `The edge refused the job's end (${reason})`, {
      cause: error,
    });
  }
}

const secondsSince = (startedAt: number) => Math.round(performance.now() - startedAt) / 1000;
