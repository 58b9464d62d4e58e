/** What operators see and do. The page at /ops and dashboards are made of it. */
import { z } from "zod";
import {
  CleanupReport,
  CleanupRequest,
  OpsDone,
  OpsFigures,
  OpsJobFilter,
  OpsJobs,
  OpsRedrive,
  OpsRedriven,
  OpsSamples,
  OpsTimeline,
  OpsWorkers,
} from "../../contract/ops.ts";
import { ApiError } from "../errors/api-error.ts";
import { endpoint } from "../http/endpoint.ts";
import { cleanUp } from "../jobs/clean-up.ts";
import { cancelJob, redrive as redriveJobs, retryJob } from "../jobs/operate.ts";
import { describeMetrics } from "../metrics/describe-metrics.ts";
import { metricsContentType, printMetrics } from "../metrics/print-metrics.ts";
import { presentOpsJob, presentStory, presentWorker } from "../present/present-ops.ts";
import { readFigures, readSamples } from "../store/figures.ts";
import { listOpsJobs, listWorkers, readStory } from "../store/ops.ts";

const OneJob = z.object({ job_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const fresh = { headers: { "cache-control": "no-store" } };
const hourMs = 3600_000;

const metrics = endpoint({
  method: "get",
  path: "/metrics",
  name: "metrics",
  summary: "Read metrics for Prometheus",
  tag: "Operations",
  access: "admin",
  answers: { 200: { description: "Prometheus' text format.", contentType: metricsContentType } },
  problems: [],
  async handle({ ports, primary }) {
    const text = printMetrics(describeMetrics(await readFigures(primary(), ports.now())));
    return new Response(text, { headers: { ...fresh.headers, "content-type": metricsContentType } });
  },
});

const figures = endpoint({
  method: "get",
  path: "/admin/ops/figures",
  name: "opsFigures",
  summary: "Read the service's current figures",
  tag: "Operations",
  access: "admin",
  answers: { 200: { description: "Live counts.", schema: OpsFigures } },
  problems: [],
  async handle({ ports, primary }) {
    const nowMs = ports.now();
    const { now } = await readFigures(primary(), nowMs);
    const answer: OpsFigures = { at: new Date(nowMs).toISOString(), ...now };
    return Response.json(answer, fresh);
  },
});

const samples = endpoint({
  method: "get",
  path: "/admin/ops/samples",
  name: "opsSamples",
  summary: "Read the service's figures of each minute",
  tag: "Operations",
  access: "admin",
  query: z.object({ hours: z.coerce.number().min(0.1).max(48).default(3) }),
  answers: { 200: { description: "Oldest first.", schema: OpsSamples } },
  problems: [],
  async handle({ query, ports, primary }) {
    const data = await readSamples(primary(), ports.now() - query.hours * hourMs);
    return Response.json({ data } satisfies OpsSamples, fresh);
  },
});

const workers = endpoint({
  method: "get",
  path: "/admin/ops/workers",
  name: "opsWorkers",
  summary: "List the pool's machines",
  tag: "Operations",
  access: "admin",
  answers: { 200: { description: "Those seen in the last day.", schema: OpsWorkers } },
  problems: [],
  async handle({ ports, primary }) {
    const rows = await listWorkers(primary());
    const data = rows.map((row) => presentWorker(row, ports.now()));
    return Response.json({ data } satisfies OpsWorkers, fresh);
  },
});

const jobs = endpoint({
  method: "get",
  path: "/admin/ops/jobs",
  name: "opsJobs",
  summary: "Jobs, newest first",
  tag: "Operations",
  access: "admin",
  query: OpsJobFilter,
  answers: { 200: { description: "A page of them.", schema: OpsJobs } },
  problems: [],
  async handle({ query, primary }) {
    const { rows, next } = await listOpsJobs(primary(), query);
    return Response.json({ data: rows.map(presentOpsJob), next_cursor: next } satisfies OpsJobs, fresh);
  },
});

const timeline = endpoint({
  method: "get",
  path: "/admin/ops/jobs/{job_id}",
  name: "opsTimeline",
  summary: "Read a job's history",
  tag: "Operations",
  access: "admin",
  params: OneJob,
  answers: { 200: { description: "Its events, attempts, scenes, costs and messages.", schema: OpsTimeline } },
  problems: ["job.not_found"],
  async handle({ params, primary }) {
    const story = await readStory(primary(), params.job_id);
    if (story === undefined) throw new ApiError("job.not_found");
    return Response.json(presentStory(story), fresh);
  },
});

const cancel = endpoint({
  method: "post",
  path: "/admin/ops/jobs/{job_id}/cancel",
  name: "opsCancel",
  summary: "Cancel a job",
  tag: "Operations",
  access: "admin",
  params: OneJob,
  answers: { 200: { description: "The job is cancelled.", schema: OpsDone } },
  problems: ["job.not_found", "job.finished"],
  async handle({ env, params, ports, primary, defer }) {
    await cancelJob({ env, session: primary(), now: ports.now, defer }, params.job_id);
    return Response.json({ job_id: params.job_id, status: "cancelled" } satisfies OpsDone);
  },
});

const retry = endpoint({
  method: "post",
  path: "/admin/ops/jobs/{job_id}/retry",
  name: "opsRetry",
  summary: "Retry a job that failed or was cancelled",
  description: "Creates a new job with the same text and options. Assets that were bought before are reused.",
  tag: "Operations",
  access: "admin",
  params: OneJob,
  answers: { 200: { description: "The new job.", schema: OpsDone } },
  problems: ["job.not_found", "job.active", "job.finished"],
  async handle({ env, params, ports, primary, defer }) {
    const newId = ports.newId("job");
    await retryJob({ env, session: primary(), now: ports.now, defer }, params.job_id, newId);
    return Response.json({ job_id: newId, status: "queued" } satisfies OpsDone);
  },
});

const redrive = endpoint({
  method: "post",
  path: "/admin/ops/redrive",
  name: "opsRedrive",
  summary: "Send new messages for queued jobs",
  description: "For jobs whose message was lost. A surplus message changes nothing.",
  tag: "Operations",
  access: "admin",
  body: OpsRedrive,
  bodyOptional: true,
  answers: { 200: { description: "The number of jobs.", schema: OpsRedriven } },
  problems: [],
  async handle({ env, body, ports, primary, defer }) {
    const redriven = await redriveJobs({ env, session: primary(), now: ports.now, defer }, body);
    return Response.json({ redriven } satisfies OpsRedriven);
  },
});

/** How long each kind of a clean-up goes on that an operator asks for, and waits for. */
const cleanUpMs = 5_000;

const cleanup = endpoint({
  method: "post",
  path: "/admin/cleanup",
  name: "cleanUp",
  summary: "Remove expired data, or count what would be removed",
  description:
    "What the hourly clean-up does, now, for a few seconds: ask again while `has_more`. A dry run looks at the first " +
    "step of each kind only.",
  tag: "Operations",
  access: "admin",
  body: CleanupRequest,
  bodyOptional: true,
  answers: { 200: { description: "Counts of what was, or would be, removed.", schema: CleanupReport } },
  problems: [],
  async handle({ env, body, ports, primary }) {
    return Response.json(await cleanUp(env, primary(), ports.now, cleanUpMs, body.dry_run));
  },
});

export const opsEndpoints = [
  metrics,
  figures,
  samples,
  workers,
  jobs,
  timeline,
  cancel,
  retry,
  redrive,
  cleanup,
];
