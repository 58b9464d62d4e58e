/** Elements that several views share. */
import type { JobStatus } from "../../contract/job.ts";
import type { OpsJob } from "../../contract/ops.ts";
import { element } from "../shared/element.ts";
import { ago, between, clock, duration, plural } from "./format.ts";
import { jobAddress } from "./route.ts";

const statuses: Record<JobStatus, { text: string; tone: string }> = {
  queued: { text: "Waiting", tone: "calm" },
  processing: { text: "Being made", tone: "busy" },
  waiting: { text: "Waits for its owner", tone: "calm" },
  completed: { text: "Completed", tone: "good" },
  failed: { text: "Failed", tone: "bad" },
  cancelled: { text: "Cancelled", tone: "calm" },
  expired: { text: "Not approved in time", tone: "calm" },
};

/** `tone` is a CSS class: calm, busy, good, warn or bad. */
export const badge = (text: string, tone: string) => element("span", { class: `badge ${tone}` }, text);

/** A job's status in words, in its colour. */
export const statusBadge = ({ status, held }: Pick<OpsJob, "status" | "held">) =>
  held ? badge("Held", "warn") : badge(statuses[status].text, statuses[status].tone);

/** A time in local time with its age. */
export const moment = (at: string, nowMs: number) =>
  element(
    "time",
    { datetime: at, title: new Date(at).toString() },
    clock(at, nowMs),
    element("span", { class: "age" }, ago(at, nowMs)),
  );

/** An id in two parts; CSS shortens the first, because ids of the same minute begin alike. */
export const shortenable = (id: string) => [
  element("span", { class: "id-head" }, id.slice(0, -10)),
  element("span", {}, id.slice(-10)),
];

/** A link to the job's page; CSS shortens its text, and the title has the whole id. */
export const jobLink = (jobId: string) =>
  element(
    "a",
    { class: "id", href: jobAddress(jobId), title: jobId, "aria-label": jobId },
    ...shortenable(jobId),
  );

/** How long the job waited (or waits) and how long its processing took (or takes), as text. */
export function waitAndWork(job: OpsJob, nowMs: number): { waited: string; took: string } {
  const now = new Date(nowMs).toISOString();
  const waited = between(job.created_at, job.started_at ?? job.ended_at ?? now);
  return { waited, took: job.started_at === null ? "–" : between(job.started_at, job.ended_at ?? now) };
}

/** What the job makes: a film with so many scenes, or a transcription. */
export const describeKind = ({ kind = "film", scenes }: Pick<OpsJob, "kind" | "scenes">): string =>
  kind === "film" && scenes.total !== null
    ? `film, ${scenes.ready} of ${plural(scenes.total, "scene")}`
    : kind;

/** The paragraph that stands in place of a list without entries. */
export const empty = (text: string) => element("p", { class: "empty" }, text);

/** The time from `from` to `at`, such as "+12 s"; a dash when `at` is null. */
export const inSeconds = (from: string, at: string | null) =>
  at === null ? "–" : `+${duration(Math.max(0, Date.parse(at) - Date.parse(from)) / 1000)}`;
