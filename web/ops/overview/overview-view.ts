/** The whole of it: counts, charts, machines. */
import type { OpsFigures } from "../../../contract/ops.ts";
import { byId, element } from "../../shared/element.ts";
import { readSamples } from "../api.ts";
import { count, duration } from "../format.ts";
import { nudge } from "../keep-up.ts";
import { morph } from "../morph.ts";
import type { View } from "../view.ts";
import { type Chart, makeChart } from "./chart.ts";
import { drawMachines } from "./machines.ts";
import { type Range, ranges, type Series, thinOut } from "./thin-out.ts";
import { drawTiles } from "./tiles.ts";

const queueLines = [
  { label: "Premium", color: "--chart-a" },
  { label: "Standard", color: "--chart-b" },
] as const;
const charts: { chart: Chart; columns(series: Series): (number | null)[][]; sum(series: Series): string }[] =
  [
    {
      chart: makeChart({
        title: "Jobs that wait",
        say: (n) => (Number.isInteger(n) ? count(n) : ""),
        lines: queueLines,
        shape: "steps",
      }),
      columns: ({ depth }) => [depth.premium, depth.standard],
      sum: ({ at, depth }) =>
        peak(
          at,
          depth.premium.map((n, i) => (n ?? 0) + (depth.standard[i] ?? 0)),
          count,
          "No sample saw anybody wait.",
        ),
    },
    {
      chart: makeChart({ title: "How long they waited", say: duration, lines: queueLines, shape: "dots" }),
      columns: ({ wait }) => [wait.premium, wait.standard],
      sum: ({ at, wait }) =>
        peak(
          at,
          wait.premium.map((s, i) => Math.max(s ?? 0, wait.standard[i] ?? 0)),
          duration,
          "No wait has ended.",
        ),
    },
    {
      chart: makeChart({
        title: "Films that ended",
        say: (n) => (Number.isInteger(n) ? count(n) : ""),
        lines: [
          { label: "Completed", color: "--good" },
          { label: "Failed", color: "--bad" },
        ],
        shape: "bars",
      }),
      columns: ({ completed, failed }) => [completed, failed],
      sum: ({ completed, failed }) => `${count(total(completed))} completed, ${count(total(failed))} failed.`,
    },
  ];

const total = (column: readonly (number | null)[]) => column.reduce<number>((sum, n) => sum + (n ?? 0), 0);

function peak(
  at: readonly number[],
  values: readonly number[],
  say: (n: number) => string,
  none: string,
): string {
  const most = Math.max(0, ...values);
  if (most === 0) return none;
  const when = new Date((at[values.indexOf(most)] as number) * 1000);
  return `At most ${say(most)}, at ${when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" })}.`;
}

let range: Range = ranges[1];

export function setUpOverview(): void {
  byId("charts", HTMLElement).append(...charts.map(({ chart }) => chart.figure));
  const choices = ranges.map((choice) => {
    const input = element("input", { type: "radio", name: "range", value: choice.hours, class: "hidden" });
    input.checked = choice === range;
    input.addEventListener("change", () => {
      range = choice;
      kept = null;
      nudge();
    });
    return element("label", {}, input, element("span", {}, choice.label));
  });
  byId("ranges", HTMLElement).append(...choices);
}

/** The stored samples change once a minute; between them the page draws what it has seen itself. */
const sampleMs = 60_000;
let kept: { range: Range; samples: OpsFigures[]; readAt: number } | null = null;

export const overviewView: View = {
  async look(world, signal) {
    if (kept === null || kept.range !== range || world.nowMs - kept.readAt > sampleMs) {
      const asked = range;
      const { data } = await readSamples(asked.hours, signal);
      kept = { range: asked, samples: data, readAt: world.nowMs };
    }
    const { samples } = kept;
    return () => {
      morph(byId("tiles", HTMLElement), drawTiles(world.figures, world.hourAgo));
      const newest = Date.parse(samples.at(-1)?.at ?? "") || world.nowMs - range.hours * 3600_000;
      const since = world.seen.filter(({ at }) => Date.parse(at) > newest);
      const series = thinOut([...samples, ...since], range);
      for (const { chart, columns, sum } of charts)
        chart.show(series.at, columns(series), sum(series), world.nowMs / 1000);
      morph(byId("machines", HTMLElement), ...drawMachines(world.workers, world.nowMs));
    };
  },
};
