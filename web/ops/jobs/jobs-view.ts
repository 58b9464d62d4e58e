/** Jobs by what one asks for, a page at a time, kept up to date in place. */
import { limits } from "../../../contract/limits.ts";
import type { OpsJob, OpsJobs } from "../../../contract/ops.ts";
import { byId, element } from "../../shared/element.ts";
import { listJobs } from "../api.ts";
import { box, Choice, showActs } from "../choice.ts";
import { dollars } from "../format.ts";
import { morph } from "../morph.ts";
import { empty, jobLink, moment, statusBadge, waitAndWork } from "../pieces.ts";
import { type JobFilter, jobsAddress, readFilter } from "../route.ts";
import { table } from "../table.ts";
import type { View } from "../view.ts";
import { type Act, act, actNames, suits } from "./act.ts";

const pageSize = Math.min(50, limits.pageSize);
const form = byId("filters", HTMLFormElement);
const list = byId("job-list", HTMLElement);
const bar = byId("job-acts", HTMLElement);
let inSight: readonly OpsJob[] = [];
const choice = new Choice(list, showChoice);

export function setUpJobs(): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    applyFilter();
  });
  // A <select> says what it wants at once; words are asked for when they are finished.
  form.addEventListener("change", applyFilter);
  bar.addEventListener("click", ({ target }) => {
    const wanted =
      target instanceof HTMLElement ? target.closest<HTMLElement>("[data-act]")?.dataset.act : undefined;
    if (wanted === "none") leave();
    else if (wanted !== undefined) void actOnChosen(wanted as Act);
  });
}

function applyFilter(): void {
  location.hash = jobsAddress(readFilter(new FormData(form)));
}

/** The form as the address says it. */
export function showFilter(filter: JobFilter): void {
  for (const name of ["status", "priority", "owner", "error_code"] as const) {
    const field = form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
    if (field.value !== (filter[name] ?? "")) field.value = filter[name] ?? "";
  }
  const { cursor, ...wanted } = filter;
  byId("no-filter", HTMLElement).hidden = Object.keys(wanted).length === 0;
  morph(list, element("p", { class: "empty", role: "status" }, "Looking…"));
  morph(byId("pager", HTMLElement));
  choice.clear(list);
}

export const jobsView = (filter: JobFilter): View => ({
  async look({ nowMs }, signal) {
    const page = await listJobs({ ...filter, limit: pageSize }, signal);
    return () => {
      inSight = page.data;
      choice.keepOnly(inSight.map(({ id }) => id));
      morph(list, page.data.length === 0 ? drawNone(filter, page) : drawJobs(page.data, nowMs));
      morph(byId("pager", HTMLElement), ...drawPager(filter, page));
      showChoice();
    };
  },
});

function drawNone(filter: JobFilter, { next_cursor }: OpsJobs): HTMLElement {
  if (next_cursor !== null) return empty("None among the newest. There are older ones to look through.");
  if (filter.cursor !== undefined) return empty("There are no older ones.");
  return empty(Object.keys(filter).length === 0 ? "There are no jobs yet." : "No job is like this.");
}

const drawJobs = (jobs: readonly OpsJob[], nowMs: number) =>
  table(
    "Jobs, newest first",
    [
      box("all", "Choose all in sight"),
      "Job",
      "Status",
      "Queue",
      "Owner",
      "Scenes",
      "Waited",
      "Took",
      "Cost",
      "Asked for",
    ],
    jobs.map((job) => {
      const { waited, took } = waitAndWork(job, nowMs);
      return {
        key: job.id,
        isChosen: choice.has(job.id),
        cells: [
          box(job.id, `Choose ${job.id}`),
          jobLink(job.id),
          drawStatus(job),
          job.priority,
          element("span", { class: "owner", title: job.owner }, job.owner),
          job.scenes.total === null ? "–" : `${job.scenes.ready} of ${job.scenes.total}`,
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
      : (job.error?.code ??
        (job.status === "queued" && job.attempt > 0 ? `after attempt ${job.attempt}` : ""));
  return element(
    "span",
    { class: "status-cell" },
    statusBadge(job.status),
    note === "" ? null : element("span", { class: "note", title: job.error?.message ?? null }, note),
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

const chosenFor = (kind: Act) =>
  inSight.filter((job) => choice.has(job.id) && suits[kind](job)).map(({ id }) => id);

function showChoice(): void {
  for (const row of list.querySelectorAll<HTMLElement>("tr[data-key]"))
    row.classList.toggle("chosen", choice.has(row.dataset.key as string));
  showActs(
    bar,
    choice.size,
    (["redrive", "retry", "cancel"] as const).map((kind) => ({
      act: kind,
      name: actNames[kind],
      count: chosenFor(kind).length,
      isDanger: kind === "cancel",
    })),
  );
}

async function actOnChosen(kind: Act): Promise<void> {
  const done = await act(kind, chosenFor(kind));
  if (done.length > 0) leave();
}

/** The bar goes away with the choice; what had the focus in it hands it to the list. */
function leave(): void {
  choice.clear(list);
  list.querySelector<HTMLElement>("input[data-choose]")?.focus();
}
