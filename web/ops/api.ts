/** The operators' part of the API. Every call resolves to its answer or rejects with an ApiProblem. */
import type { DeadLetterList } from "../../contract/dead-letter.ts";
import type {
  OpsFigures,
  OpsJobFilter,
  OpsJobs,
  OpsSamples,
  OpsTimeline,
  OpsWorkers,
} from "../../contract/ops.ts";
import type { OpsDone, OpsProbed, OpsRedrive, OpsRedriven } from "../../contract/ops-acts.ts";
import { ApiProblem, readProblem } from "../shared/api-problem.ts";
import { readKey } from "./admin-key.ts";

/** The service's figures of this moment. */
export const readFigures = (signal?: AbortSignal) => get<OpsFigures>("/admin/ops/figures", signal);

/** The pool's machines of the last day. */
export const readWorkers = (signal?: AbortSignal) => get<OpsWorkers>("/admin/ops/workers", signal);

/** The service's figures of each minute of the last `hours` (0.1 to 48), oldest first. */
export const readSamples = (hours: number, signal?: AbortSignal) =>
  get<OpsSamples>(`/admin/ops/samples?hours=${hours}`, signal);

/** The job and all that happened to it, without the texts of the dream and the film. */
export const readTimeline = (jobId: string, signal?: AbortSignal) =>
  get<OpsTimeline>(`/admin/ops/jobs/${encodeURIComponent(jobId)}`, signal);

/** The messages that the queues gave up on, newest first. */
export const listDeadLetters = (signal?: AbortSignal) => get<DeadLetterList>("/admin/dead-letters", signal);

/** One page of jobs that match the filter, newest first. */
export function listJobs(filter: Partial<OpsJobFilter>, signal?: AbortSignal): Promise<OpsJobs> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) query.set(name, String(value));
  return get<OpsJobs>(`/admin/ops/jobs?${query}`, signal);
}

/** Cancels a job that is queued or processing, and gives its status after that. */
export const cancelJob = (jobId: string) => post<OpsDone>(`/admin/ops/jobs/${jobId}/cancel`);

/** Makes a new job with the text and options of one that failed or was cancelled. */
export const retryJob = (jobId: string) => post<OpsDone>(`/admin/ops/jobs/${jobId}/retry`);

/** Sends new queue messages for the queued jobs that `which` selects, and gives their number. */
export const redriveJobs = (which: Partial<OpsRedrive>) => post<OpsRedriven>("/admin/ops/redrive", which);

/** Lets one job try the held provider of this capability at once. */
export const probeHold = (capability: string) =>
  post<OpsProbed>(`/admin/ops/holds/${encodeURIComponent(capability)}/probe`);

/** After this the page treats the service as unreachable and says so. */
const requestTimeoutMs = 10_000;

const get = <Body>(path: string, signal?: AbortSignal) => call<Body>("GET", path, signal, null);
const post = <Body>(path: string, body?: object) => call<Body>("POST", path, undefined, body ?? null);

async function call<Body>(
  method: string,
  path: string,
  signal: AbortSignal | undefined,
  body: object | null,
): Promise<Body> {
  const response = await fetch(path, {
    method,
    signal: AbortSignal.any([AbortSignal.timeout(requestTimeoutMs), ...(signal ? [signal] : [])]),
    cache: "no-store",
    headers: {
      authorization: `Bearer ${readKey() ?? ""}`,
      ...(body === null ? {} : { "content-type": "application/json" }),
    },
    body: body === null ? null : JSON.stringify(body),
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw new ApiProblem("network.unreachable", 0, String(error));
  });
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as Body;
}
