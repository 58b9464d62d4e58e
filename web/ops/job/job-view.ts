/** One job: its state, its actions and its history. */
import type { OpsJob, OpsTimeline } from "../../../contract/ops.ts";
import { byId, element } from "../../shared/element.ts";
import { readTimeline } from "../api.ts";
import { empty, jobLink, moment, statusBadge } from "../components.ts";
import { between, dollars, duration, plural } from "../format.ts";
import { type Act, act, actNames, suits } from "../jobs/act.ts";
import { morph } from "../morph.ts";
import { jobAddress, jobsAddress } from "../route.ts";
import type { View } from "../view.ts";
import { drawTimeline } from "./draw-timeline.ts";
import { layOut } from "./lay-out.ts";
import { splitTime } from "./split-time.ts";
import { drawAttempts, drawCosts, drawEvents, drawScenes, drawWebhooks } from "./tables.ts";

const story = byId("job-story", HTMLElement);
let shown: string | null = null;

/** Connects the buttons of the page. Called once. */
export function setUpJob(): void {
  story.addEventListener("click", ({ target }) => {
    const button = target instanceof HTMLElement ? target.closest<HTMLElement>("button[data-act]") : null;
    if (button !== null && shown !== null) void actOnShown(button.dataset.act as Act, shown);
  });
}

/** Clears the page for another job; its data follows with the first load. */
export function showWhichJob(jobId: string): void {
  shown = jobId;
  morph(
    byId("job-title", HTMLElement),
    document.createTextNode("Job "),
    element("span", { class: "id" }, jobId),
  );
  morph(story, element("p", { class: "empty", role: "status" }, "Loading…"));
}

/** The view of one job. */
export const jobView = (jobId: string): View => ({
  async load({ nowMs }, signal) {
    const timeline = await readTimeline(jobId, signal);
    return () => morph(story, ...drawStory(timeline, nowMs));
  },
});

/** A retry makes a new job, so the page goes to that job. */
async function actOnShown(kind: Act, jobId: string): Promise<void> {
  const [madeId] = await act(kind, [jobId]);
  if (kind === "retry" && madeId !== undefined) location.hash = jobAddress(madeId);
}

function drawStory(timeline: OpsTimeline, nowMs: number): Node[] {
  const { job, attempts, scenes, costs, webhooks, events } = timeline;
  return [
    drawState(job),
    ...(job.error === null ? [] : [drawError(job.error)]),
    ...(job.held ? [drawHeld(job.held, nowMs)] : []),
    drawActs(job),
    drawDetails(timeline, nowMs),
    element("h2", {}, "Timeline"),
    drawTimeline(layOut(timeline, nowMs)),
    part("Attempts", attempts.length, drawAttempts(timeline, nowMs), "No machine has taken the job yet."),
    part("Scenes", scenes.length, drawScenes(timeline), "There are no scenes yet."),
    part("Purchases", costs.length, drawCosts(timeline, nowMs), "The job has no purchases."),
    part("Webhooks", webhooks.length, drawWebhooks(timeline), "The job has no webhook messages."),
    part("Events", events.length, drawEvents(timeline, nowMs), "There are no events yet."),
  ];
}

const part = (title: string, size: number, content: HTMLElement, none: string) =>
  element(
    "section",
    { "data-key": title, "aria-label": title },
    element("h2", {}, title, size > 0 ? element("span", { class: "size" }, String(size)) : null),
    size === 0 ? empty(none) : content,
  );

function drawState(job: OpsJob): HTMLElement {
  const scenes =
    job.scenes.total === null ? "" : `${job.scenes.ready} of ${plural(job.scenes.total, "scene")} ready`;
  const text =
    job.status === "processing"
      ? [`${job.stage}, ${job.progress} %`, scenes].filter(Boolean).join(" · ")
      : scenes;
  return element(
    "p",
    { class: "job-state", "data-key": "job-state" },
    statusBadge(job),
    element("span", {}, text),
  );
}

const drawError = ({ code, message, retryable }: NonNullable<OpsJob["error"]>) =>
  element(
    "div",
    { class: "notice", "data-key": "error" },
    element(
      "div",
      {},
      element("p", { class: "notice-title" }, message),
      element("p", {}, retryable ? "A retry may work." : "A retry of the same text fails again."),
      element(
        "p",
        { class: "notice-code" },
        "Code ",
        element("a", { href: jobsAddress({ error_code: code }) }, element("code", {}, code)),
        ". ",
        element("a", { href: `/problems/${encodeURIComponent(code)}` }, "What it means"),
      ),
    ),
  );

/** Why the job waits. The first line of the page says what to do. */
const drawHeld = ({ code, message, since }: NonNullable<OpsJob["held"]>, nowMs: number) =>
  element(
    "div",
    { class: "notice", "data-key": "held" },
    element(
      "div",
      {},
      element("p", { class: "notice-title" }, message),
      element("p", {}, "Held since ", moment(since, nowMs)),
      element(
        "p",
        { class: "notice-code" },
        "Code ",
        element("code", {}, code),
        ". ",
        element("a", { href: `/problems/${encodeURIComponent(code)}` }, "What it means"),
      ),
    ),
  );

function drawActs(job: OpsJob): HTMLElement {
  const kinds = (["redrive", "retry", "cancel"] as const).filter((kind) => suits[kind](job));
  return element(
    "div",
    { class: "acts plain", "data-key": "acts" },
    ...kinds.map((kind) =>
      element(
        "button",
        { type: "button", "data-act": kind, "data-key": kind, class: kind === "cancel" ? "danger" : null },
        actNames[kind],
      ),
    ),
  );
}

function drawDetails(timeline: OpsTimeline, nowMs: number): HTMLElement {
  const { job } = timeline;
  const { waitedMs, heldMs, workedMs, heldBy } = splitTime(timeline, nowMs);
  const details: [string, Node | string | null][] = [
    ["Owner", element("a", { href: jobsAddress({ owner: job.owner }) }, job.owner)],
    ["Dream", job.dream_id],
    ["Makes", job.kind ?? "film"],
    ["Queue", job.priority],
    ["Requested", moment(job.created_at, nowMs)],
    ["Waited", duration(waitedMs / 1000)],
    ["Held", heldMs === 0 ? null : `${duration(heldMs / 1000)}${heldBy === null ? "" : ` (${heldBy})`}`],
    [
      "First scene playable",
      job.playable_at === null ? null : `after ${between(job.created_at, job.playable_at)}`,
    ],
    ["Worked", workedMs === 0 ? null : duration(workedMs / 1000)],
    ["Ended", job.ended_at === null ? null : moment(job.ended_at, nowMs)],
    ["Cost", dollars(job.cost_usd)],
    [
      "Attempts",
      job.failed_attempts === 0
        ? String(job.attempt)
        : `${job.attempt}, of which ${job.failed_attempts} failed`,
    ],
    ["Machine", job.worker_id],
    ["Lease", job.lease_expires_at === null ? null : describeLease(job.lease_expires_at, nowMs)],
    ["Requested again as", job.replaced_by ? jobLink(job.replaced_by) : null],
    ["Redo of", job.redo_of === null ? null : jobLink(job.redo_of)],
    ["Trace", job.trace_id],
  ];
  const known = details.filter((detail): detail is [string, Node | string] => detail[1] !== null);
  return element(
    "dl",
    { class: "details card", "data-key": "details" },
    ...known.map(([name, value]) =>
      element("div", { "data-key": name }, element("dt", {}, name), element("dd", {}, value)),
    ),
  );
}

function describeLease(until: string, nowMs: number): string {
  const seconds = (Date.parse(until) - nowMs) / 1000;
  return seconds > 0 ? `${duration(Math.round(seconds))} left` : `expired ${duration(-seconds)} ago`;
}
