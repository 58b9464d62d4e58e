/** The overview: counts, charts, machines. */
import type { OpsFigures } from "../../../contract/ops.ts";
import { byId, element } from "../../shared/element.ts";
import { readSamples } from "../api.ts";
import { count, duration } from "../format.ts";
import { morph } from "../morph.ts";
import { pollNow } from "../poll.ts";
import type { View } from "../view.ts";
import { bucketSamples, type Range, ranges, type Series } from "./bucket-samples.ts";
import { type Chart, makeChart } from "./chart.ts";
import { drawMachines } from "./machines.ts";
import { drawTiles } from "./tiles.ts";

const queueLines = [
  { label: "Premium", color: "--chart-a" },
  { label: "Standard", color: "--chart-b" },
] as const;
const charts: {
  chart: Chart;
  columns(series: Series): (number | null)[][];
  summarise(series: Series): string;
}[] = [
  {
    chart: makeChart({
      title: "Waiting jobs",
      format: (n) => (Number.isInteger(n) ? count(n) : ""),
      lines: queueLines,
      shape: "steps",
    }),
    columns: ({ depth }) => [depth.premium, depth.standard],
    summarise: ({ at, depth }) =>
      peak(
        at,
        depth.premium.map((n, i) => (n ?? 0) + (depth.standard[i] ?? 0)),
        count,
        "No job was waiting.",
      ),
  },
  {
    chart: makeChart({ title: "Waiting time", format: duration, lines: queueLines, shape: "dots" }),
    columns: ({ wait }) => [wait.premium, wait.standard],
    summarise: ({ at, wait }) =>
      peak(
        at,
        wait.premium.map((s, i) => Math.max(s ?? 0, wait.standard[i] ?? 0)),
        duration,
        "No wait has ended.",
      ),
  },
  {
    chart: makeChart({
      title: "Finished films",
      format: (n) => (Number.isInteger(n) ? count(n) : ""),
      lines: [
        { label: "Completed", color: "--good" },
        { label: "Failed", color: "--bad" },
      ],
      shape: "bars",
    }),
    columns: ({ completed, failed }) => [completed, failed],
    summarise: ({ completed, failed }) =>
      `${count(total(completed))} completed, ${count(total(failed))} failed.`,
  },
];

const total = (column: readonly (number | null)[]) => column.reduce<number>((sum, n) => sum + (n ?? 0), 0);

function peak(
  at: readonly number[],
  values: readonly number[],
  format: (n: number) => string,
  none: string,
): string {
  const max = Math.max(0, ...values);
  if (max === 0) return none;
  const when = new Date((at[values.indexOf(max)] as number) * 1000);
  return `Maximum: ${format(max)}, at ${when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}.`;
}

const depthOf = ({ queues }: OpsFigures) => queues.premium.depth + queues.standard.depth;

let range: Range = ranges[1];

/** Adds the charts and the choice of their range. Called once. */
export function setUpOverview(): void {
  byId("charts", HTMLElement).append(...charts.map(({ chart }) => chart.figure));
  const choices = ranges.map((option) => {
    const input = element("input", { type: "radio", name: "range", value: option.hours, class: "hidden" });
    input.checked = option === range;
    input.addEventListener("change", () => {
      range = option;
      kept = null;
      pollNow();
    });
    return element("label", {}, input, element("span", {}, option.label));
  });
  byId("ranges", HTMLElement).append(...choices);
}

/** Stored samples change once a minute; in between the page draws the figures that it polled itself. */
const sampleMs = 60_000;
let kept: { range: Range; samples: OpsFigures[]; readAt: number } | null = null;

/** The view of the overview. */
export const overviewView: View = {
  async load(service, signal) {
    if (kept === null || kept.range !== range || service.nowMs - kept.readAt > sampleMs) {
      const wanted = range;
      const { data } = await readSamples(wanted.hours, signal);
      kept = { range: wanted, samples: data, readAt: service.nowMs };
    }
    const { samples } = kept;
    return () => {
      morph(byId("tiles", HTMLElement), drawTiles(service.figures, service.hourAgo));
      const newest = Date.parse(samples.at(-1)?.at ?? "") || service.nowMs - range.hours * 3600_000;
      const since = service.seen.filter(({ at }) => Date.parse(at) > newest);
      const series = bucketSamples([...samples, ...since], range);
      for (const { chart, columns, summarise } of charts)
        chart.show(series.at, columns(series), summarise(series), service.nowMs / 1000);
      morph(
        byId("machines", HTMLElement),
        ...drawMachines(service.workers, depthOf(service.figures), service.nowMs),
      );
    };
  },
};
