/** The list of jobs: filtered, in pages, updated in place. */

import { jobCodes } from "../../../contract/job-codes.ts";
import { limits } from "../../../contract/limits.ts";
import type { OpsJob, OpsJobs } from "../../../contract/ops.ts";
import { byId, element } from "../../shared/element.ts";
import { listJobs } from "../api.ts";
import { describeKind, empty, jobLink, moment, statusBadge, waitAndWork } from "../components.ts";
import { dollars } from "../format.ts";
import { morph } from "../morph.ts";
import { type JobFilter, jobsAddress, readFilter } from "../route.ts";
import { box, Selection, showActs } from "../selection.ts";
import { table } from "../table.ts";
import type { View } from "../view.ts";
import { type Act, act, actNames, suits } from "./act.ts";

const pageSize = Math.min(50, limits.pageSize);
const form = byId("filters", HTMLFormElement);
const list = byId("job-list", HTMLElement);
const bar = byId("job-acts", HTMLElement);
let visible: readonly OpsJob[] = [];
const selection = new Selection(list, showSelection);

/** Connects the filter and the buttons. Called once. */
export function setUpJobs(): void {
  byId("error-codes", HTMLDataListElement).append(
    ...[...jobCodes].map(([code, { title }]) => element("option", { value: code, label: title })),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    applyFilter();
  });
  // Fires at once for a <select>, and for a text field when the person leaves it.
  form.addEventListener("change", applyFilter);
  bar.addEventListener("click", ({ target }) => {
    const wanted =
      target instanceof HTMLElement ? target.closest<HTMLElement>("[data-act]")?.dataset.act : undefined;
    if (wanted === "none") clearSelection();
    else if (wanted !== undefined) void actOnSelected(wanted as Act);
  });
}

function applyFilter(): void {
  location.hash = jobsAddress(readFilter(new FormData(form)));
}

/** Sets the form to the filter of the address and clears the list. */
export function showFilter(filter: JobFilter): void {
  for (const name of ["status", "priority", "owner", "error_code"] as const) {
    const field = form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
    if (field.value !== (filter[name] ?? "")) field.value = filter[name] ?? "";
  }
  const { cursor, ...wanted } = filter;
  byId("no-filter", HTMLElement).hidden = Object.keys(wanted).length === 0;
  morph(list, element("p", { class: "empty", role: "status" }, "Loading…"));
  morph(byId("pager", HTMLElement));
  selection.clear(list);
}

/** The view of one page of jobs. */
export const jobsView = (filter: JobFilter): View => ({
  async load({ nowMs }, signal) {
    const page = await listJobs({ ...filter, limit: pageSize }, signal);
    return () => {
      visible = page.data;
      selection.keepOnly(visible.map(({ id }) => id));
      morph(list, page.data.length === 0 ? drawNone(filter, page) : drawJobs(page.data, nowMs));
      morph(byId("pager", HTMLElement), ...drawPager(filter, page));
      showSelection();
    };
  },
});

function drawNone(filter: JobFilter, { next_cursor }: OpsJobs): HTMLElement {
  if (next_cursor !== null) return empty("None of the newest jobs matches. Older jobs follow.");
  if (filter.cursor !== undefined) return empty("There are no older jobs.");
  return empty(Object.keys(filter).length === 0 ? "There are no jobs yet." : "No job matches.");
}

const drawJobs = (jobs: readonly OpsJob[], nowMs: number) =>
  table(
    "Jobs, newest first",
    [
      box("all", "Select all on this page"),
      "Job",
      "Status",
      "Queue",
      "Owner",
      "Makes",
      "Waited",
      "Start to end",
      "Cost",
      "Requested",
    ],
    jobs.map((job) => {
      const { waited, took } = waitAndWork(job, nowMs);
      return {
        key: job.id,
        isSelected: selection.has(job.id),
        cells: [
          box(job.id, `Select ${job.id}`),
          jobLink(job.id),
          drawStatus(job),
          job.priority,
          element("span", { class: "owner", title: job.owner }, job.owner),
          describeKind(job),
          waited,
          took,
          dollars(job.cost_usd),
          moment(job.created_at, nowMs),
        ],
      };
    }),
    "jobs",
  );

function drawStatus(job: OpsJob): HTMLElement {
  const note =
    job.status === "processing"
      ? `${job.stage}, ${job.progress} %${job.attempt > 1 ? `, attempt ${job.attempt}` : ""}`
      : ((job.replaced_by ? "requested again" : null) ??
        job.error?.code ??
        job.held?.code ??
        (job.status === "queued" && job.attempt > 0 ? `after attempt ${job.attempt}` : ""));
  return element(
    "span",
    { class: "status-cell" },
    statusBadge(job),
    note === ""
      ? null
      : element("span", { class: "note", title: job.error?.message ?? job.held?.message ?? null }, note),
  );
}

function drawPager({ cursor, ...filter }: JobFilter, { next_cursor }: OpsJobs): Node[] {
  return [
    cursor === undefined
      ? element("span", { "data-key": "none" })
      : element("a", { class: "button", href: jobsAddress(filter), "data-key": "newest" }, "Newest"),
    next_cursor === null
      ? element("span", { "data-key": "end" })
      : element(
          "a",
          { class: "button", href: jobsAddress({ ...filter, cursor: next_cursor }), "data-key": "older" },
          "Older",
        ),
  ];
}

const selectedFor = (kind: Act) =>
  visible.filter((job) => selection.has(job.id) && suits[kind](job)).map(({ id }) => id);

function showSelection(): void {
  for (const row of list.querySelectorAll<HTMLElement>("tr[data-key]"))
    row.classList.toggle("chosen", selection.has(row.dataset.key as string));
  showActs(
    bar,
    selection.size,
    (["redrive", "retry", "cancel"] as const).map((kind) => ({
      act: kind,
      name: actNames[kind],
      count: selectedFor(kind).length,
      isDanger: kind === "cancel",
    })),
  );
}

async function actOnSelected(kind: Act): Promise<void> {
  const done = await act(kind, selectedFor(kind));
  if (done.length > 0) clearSelection();
}

/** The bar disappears with the selection, so its focus moves to the list. */
function clearSelection(): void {
  selection.clear(list);
  list.querySelector<HTMLElement>("input[data-choose]")?.focus();
}
