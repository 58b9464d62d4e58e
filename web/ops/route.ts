/** The page's route is the fragment of its address, so the back button works and a filter can be shared. */
import type { OpsJobFilter } from "../../contract/ops.ts";

export type JobFilter = Partial<
  Pick<OpsJobFilter, "status" | "priority" | "owner" | "error_code" | "cursor">
>;

export type Route =
  | { page: "overview" }
  | { page: "jobs"; filter: JobFilter }
  | { page: "job"; jobId: string }
  | { page: "letters" };

/** The route of an address's fragment; the overview when it is unknown. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
  const [, jobId] = /^\/jobs\/([A-Za-z0-9_-]{1,64})$/.exec(path) ?? [];
  if (jobId !== undefined) return { page: "job", jobId };
  if (path === "/jobs") return { page: "jobs", filter: readFilter(new URLSearchParams(query)) };
  return { page: path === "/dead-letters" ? "letters" : "overview" };
}

const statuses = ["queued", "processing", "waiting", "completed", "failed", "cancelled", "expired"] as const;
const priorities = ["premium", "standard"] as const;

/** The filter of a query or a form. Unknown values are left out. */
export function readFilter(query: URLSearchParams | FormData): JobFilter {
  const filter: JobFilter = {};
  const read = (name: string) => String(query.get(name) ?? "").trim();
  const status = statuses.find((known) => known === read("status"));
  const priority = priorities.find((known) => known === read("priority"));
  if (status) filter.status = status;
  if (priority) filter.priority = priority;
  for (const name of ["owner", "error_code", "cursor"] as const) if (read(name)) filter[name] = read(name);
  return filter;
}

/** The fragment of the list of jobs with this filter, as `readRoute` reads it. */
export function jobsAddress(filter: JobFilter): string {
  const query = new URLSearchParams(filter as Record<string, string>).toString();
  return query === "" ? "#/jobs" : `#/jobs?${query}`;
}

/** The fragment of the job's page. */
export const jobAddress = (jobId: string) => `#/jobs/${jobId}`;
