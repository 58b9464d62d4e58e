/** What operators read and do: the endpoints behind the page /ops and behind dashboards. */
import { z } from "zod";
import { PaidCapability } from "../../contract/charge.ts";
import {
  OpsFigures,
  OpsJobFilter,
  OpsJobs,
  OpsSamples,
  OpsTimeline,
  OpsWorkers,
} from "../../contract/ops.ts";
import {
  CleanupReport,
  CleanupRequest,
  OpsDone,
  OpsProbed,
  OpsRedrive,
  OpsRedriven,
} from "../../contract/ops-acts.ts";
import { ApiError } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { binary, json, jsonBody, route } from "../http/route.ts";
import { cleanUp } from "../jobs/clean-up.ts";
import { probeNow } from "../jobs/hold.ts";
import { cancelJob, redrive as redriveJobs, retryJob } from "../jobs/operate.ts";
import { describeMetrics } from "../metrics/describe-metrics.ts";
import { metricsContentType, printMetrics } from "../metrics/print-metrics.ts";
import { presentOpsJob, presentStory, presentWorker } from "../present/present-ops.ts";
import { readFigures, readSamples } from "../store/figures.ts";
import { listOpsJobs, listWorkers, readStory } from "../store/ops.ts";

export const opsRoutes = newRouter();

const OneJob = z.object({ job_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
const fresh = { "cache-control": "no-store" };
const hourMs = 3600_000;

const metrics = route({
  method: "get",
  path: "/metrics",
  operationId: "metrics",
  summary: "Read metrics for Prometheus",
  tags: ["Operations"],
  access: "admin",
  responses: { 200: binary("Prometheus' text format.", metricsContentType) },
  problems: [],
});

opsRoutes.openapi(metrics, async (c) => {
  const { ports, primary } = c.var;
  const text = printMetrics(describeMetrics(await readFigures(primary(), ports.now())));
  return new Response(text, { headers: { ...fresh, "content-type": metricsContentType } });
});

const figures = route({
  method: "get",
  path: "/admin/ops/figures",
  operationId: "opsFigures",
  summary: "Read the service's current figures",
  tags: ["Operations"],
  access: "admin",
  responses: { 200: json("Live counts.", OpsFigures) },
  problems: [],
});

opsRoutes.openapi(figures, async (c) => {
  const { ports, primary } = c.var;
  const nowMs = ports.now();
  const { now } = await readFigures(primary(), nowMs);
  const answer: OpsFigures = { at: new Date(nowMs).toISOString(), ...now };
  return c.json(answer, 200, fresh);
});

const samples = route({
  method: "get",
  path: "/admin/ops/samples",
  operationId: "opsSamples",
  summary: "Read the service's figures of each minute",
  tags: ["Operations"],
  access: "admin",
  request: { query: z.object({ hours: z.coerce.number().min(0.1).max(48).default(3) }) },
  responses: { 200: json("Oldest first.", OpsSamples) },
  problems: [],
});

opsRoutes.openapi(samples, async (c) => {
  const { ports, primary } = c.var;
  const query = c.req.valid("query");
  const data = await readSamples(primary(), ports.now() - query.hours * hourMs);
  return c.json({ data }, 200, fresh);
});

const workers = route({
  method: "get",
  path: "/admin/ops/workers",
  operationId: "opsWorkers",
  summary: "List the pool's machines",
  tags: ["Operations"],
  access: "admin",
  responses: { 200: json("Those seen in the last day.", OpsWorkers) },
  problems: [],
});

opsRoutes.openapi(workers, async (c) => {
  const { ports, primary } = c.var;
  const rows = await listWorkers(primary());
  const data = rows.map((row) => presentWorker(row, ports.now()));
  return c.json({ data }, 200, fresh);
});

const jobs = route({
  method: "get",
  path: "/admin/ops/jobs",
  operationId: "opsJobs",
  summary: "List jobs, newest first",
  tags: ["Operations"],
  access: "admin",
  request: { query: OpsJobFilter },
  responses: { 200: json("A page of jobs.", OpsJobs) },
  problems: [],
});

opsRoutes.openapi(jobs, async (c) => {
  const query = c.req.valid("query");
  const { rows, next } = await listOpsJobs(c.var.primary(), query);
  return c.json({ data: rows.map(presentOpsJob), next_cursor: next }, 200, fresh);
});

const timeline = route({
  method: "get",
  path: "/admin/ops/jobs/{job_id}",
  operationId: "opsTimeline",
  summary: "Read a job's history",
  tags: ["Operations"],
  access: "admin",
  request: { params: OneJob },
  responses: { 200: json("Its events, attempts, scenes, costs and messages.", OpsTimeline) },
  problems: ["job.not_found"],
});

opsRoutes.openapi(timeline, async (c) => {
  const story = await readStory(c.var.primary(), c.req.valid("param").job_id);
  if (story === undefined) throw new ApiError("job.not_found");
  return c.json(presentStory(story), 200, fresh);
});

const cancel = route({
  method: "post",
  path: "/admin/ops/jobs/{job_id}/cancel",
  operationId: "opsCancel",
  summary: "Cancel a job",
  tags: ["Operations"],
  access: "admin",
  request: { params: OneJob },
  responses: { 200: json("The job is cancelled.", OpsDone) },
  problems: ["job.not_found", "job.finished"],
});

opsRoutes.openapi(cancel, async (c) => {
  const { job_id } = c.req.valid("param");
  await cancelJob(c.var.jobContext(), job_id);
  return c.json({ job_id, status: "cancelled" as const }, 200);
});

const retry = route({
  method: "post",
  path: "/admin/ops/jobs/{job_id}/retry",
  operationId: "opsRetry",
  summary: "Retry a job that failed, was cancelled or was not approved in time",
  description: "Creates a new job with the same text and options. Assets that were bought before are reused.",
  tags: ["Operations"],
  access: "admin",
  request: { params: OneJob },
  responses: { 200: json("The new job.", OpsDone) },
  problems: ["job.not_found", "job.active", "job.finished"],
});

opsRoutes.openapi(retry, async (c) => {
  const { ports, jobContext } = c.var;
  const newId = ports.newId("job");
  await retryJob(jobContext(), c.req.valid("param").job_id, newId);
  return c.json({ job_id: newId, status: "queued" as const }, 200);
});

const probe = route({
  method: "post",
  path: "/admin/ops/holds/{capability}/probe",
  operationId: "opsProbe",
  summary: "Try a held AI provider now",
  description:
    "While an AI provider refuses every call, its jobs wait, and one of them tries it again from time to time. This lets " +
    "one try at once. If it can buy, all go on.",
  tags: ["Operations"],
  access: "admin",
  request: { params: z.object({ capability: PaidCapability }) },
  responses: { 200: json("Whether there was something to try.", OpsProbed) },
  problems: [],
});

opsRoutes.openapi(probe, async (c) => {
  const { capability } = c.req.valid("param");
  return c.json({ capability, held: await probeNow(c.var.jobContext(), capability) }, 200);
});

const redrive = route({
  method: "post",
  path: "/admin/ops/redrive",
  operationId: "opsRedrive",
  summary: "Send new messages for queued jobs",
  description: "For jobs whose message was lost. A surplus message changes nothing.",
  tags: ["Operations"],
  access: "admin",
  request: { body: jsonBody(OpsRedrive, { required: false }) },
  responses: { 200: json("The number of jobs.", OpsRedriven) },
  problems: [],
});

opsRoutes.openapi(redrive, async (c) => {
  const redriven = await redriveJobs(c.var.jobContext(), c.req.valid("json"));
  return c.json({ redriven }, 200);
});

/** Milliseconds for each kind of a clean-up that an operator requests and waits for. */
const cleanUpMs = 5_000;

const cleanup = route({
  method: "post",
  path: "/admin/cleanup",
  operationId: "cleanUp",
  summary: "Remove expired data, or count what would be removed",
  description:
    "Runs the hourly clean-up now, for a few seconds: repeat the request while `has_more`. A dry run reads the first " +
    "step of each kind only.",
  tags: ["Operations"],
  access: "admin",
  request: { body: jsonBody(CleanupRequest, { required: false }) },
  responses: { 200: json("Counts of what was, or would be, removed.", CleanupReport) },
  problems: [],
});

opsRoutes.openapi(cleanup, async (c) => {
  const { ports, primary } = c.var;
  const body = c.req.valid("json");
  return c.json(await cleanUp(c.env, primary(), ports.now, cleanUpMs, body.dry_run), 200);
});
