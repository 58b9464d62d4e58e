import type { OpsWorker } from "../../../contract/ops.ts";
import { element } from "../../shared/element.ts";
import { badge, empty, moment, shortenable } from "../components.ts";
import { plural } from "../format.ts";
import { table } from "../table.ts";

/**
 * The pool. `depth`: waiting jobs. Stopped machines are in a closed section; a machine that stopped reporting
 * with jobs is not.
 */
export function drawMachines(workers: readonly OpsWorker[], depth: number, nowMs: number): Node[] {
  const ordered = workers.toSorted((a, b) => a.region.localeCompare(b.region) || a.id.localeCompare(b.id));
  const present = ordered.filter((worker) => worker.state === "up" || worker.active_jobs > 0);
  const gone = ordered.filter((worker) => !present.includes(worker));
  return [
    present.length === 0
      ? empty(
          depth === 0
            ? "No machine is up. The next job wakes the pool."
            : "No machine is up. Each minute the jobs that wait wake the pool again: if none comes up, see the runbook.",
        )
      : drawTable("Machines that are up", present, nowMs),
    gone.length === 0
      ? element("span", {})
      : element(
          "details",
          { class: "gone" },
          element("summary", {}, `${plural(gone.length, "machine")} asleep or gone, seen in the last day`),
          drawTable("Machines that are gone", gone, nowMs),
        ),
  ];
}

function drawTable(caption: string, workers: readonly OpsWorker[], nowMs: number): HTMLElement {
  return table(
    caption,
    ["Machine", "State", "Region", "Version", "Load", "Last report", "Started"],
    workers.map((worker) => ({
      key: worker.id,
      cells: [
        element("span", { class: "id", title: worker.id }, ...shortenable(worker.id)),
        drawState(worker),
        worker.region || "–",
        worker.version,
        drawLoad(worker),
        moment(worker.seen_at, nowMs),
        moment(worker.started_at, nowMs),
      ],
    })),
    "machines",
  );
}

function drawState({ state, active_jobs }: OpsWorker): HTMLElement {
  if (state === "up") return badge("Up", "good");
  return active_jobs > 0 ? badge("Silent", "bad") : badge("Gone", "calm");
}

function drawLoad({ active_jobs, slots }: OpsWorker): HTMLElement {
  const fill = element("span", { class: "load-fill" });
  fill.style.setProperty("--share", String(slots === 0 ? 0 : Math.min(1, active_jobs / slots)));
  return element(
    "span",
    { class: "load" },
    `${active_jobs} of ${plural(slots, "slot")}`,
    element("span", { class: "load-bar", "aria-hidden": "true" }, fill),
  );
}
