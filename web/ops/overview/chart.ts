/** One chart: a canvas, and for screen readers one sentence and a table. */
import uPlot from "uplot";
import { element, setText } from "../../shared/element.ts";
import { morph } from "../morph.ts";
import { table } from "../table.ts";

interface Line {
  label: string;
  /** A custom property of tokens.css. */
  color: string;
}

export interface ChartKind {
  title: string;
  /** A value as text, with its unit. */
  format(value: number): string;
  lines: readonly [Line, Line];
  shape: "steps" | "dots" | "bars";
}

export interface Chart {
  figure: HTMLElement;
  /** Draws new data into the same chart, so the cursor stays. `at` and `endAt` are Unix seconds. */
  show(at: readonly number[], columns: Columns, summary: string, endAt: number): void;
}

type Columns = readonly (readonly (number | null)[])[];

const heightPx = 180;
/** Distances between two labels of the time axis, in minutes; the labels have no seconds. */
const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720];
const tableRows = 12;

/** An empty chart; `show` fills it. */
export function makeChart(kind: ChartKind): Chart {
  const canvas = element("div", { class: "plot", "aria-hidden": "true" });
  const empty = element(
    "p",
    { class: "empty" },
    "One sample is stored each minute. The chart starts with the second sample.",
  );
  const summary = element("p", { class: "summary" });
  const rows = element("div", {});
  const figure = element(
    "figure",
    { class: "card chart" },
    element("figcaption", {}, element("h3", {}, kind.title), summary),
    canvas,
    empty,
    element("details", {}, element("summary", {}, "As a table"), rows),
  );
  let plot: uPlot | null = null;
  let data: uPlot.AlignedData = [[], [], []];

  new ResizeObserver(() => {
    if (canvas.clientWidth > 0) plot?.setSize({ width: canvas.clientWidth, height: heightPx });
  }).observe(canvas);
  // A canvas cannot use custom properties, so a change of colours needs a new plot.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    plot?.destroy();
    plot = null;
    draw();
  });
  return { figure, show };

  function show(at: readonly number[], columns: Columns, text: string, endAt: number): void {
    data = [[...at], ...columns.map((column) => [...column])] as uPlot.AlignedData;
    // The last step ends now.
    if (kind.shape === "steps") {
      data = data.map((column, i) => [
        ...column,
        i === 0 ? endAt : (column.at(-1) ?? null),
      ]) as uPlot.AlignedData;
    }
    setText(summary, text);
    canvas.hidden = at.length < 2;
    empty.hidden = at.length >= 2;
    morph(rows, tabulate(kind, at, columns));
    draw();
  }

  function draw(): void {
    if (canvas.hidden || canvas.clientWidth === 0) return;
    if (plot === null) plot = new uPlot(options(kind, canvas.clientWidth), data, canvas);
    else plot.setData(data);
  }
}

function tabulate(kind: ChartKind, at: readonly number[], columns: Columns): Node {
  const newest = at
    .map((_, i) => i)
    .slice(-tableRows)
    .reverse();
  return table(
    kind.title,
    ["From", ...kind.lines.map(({ label }) => label)],
    newest.map((i) => ({
      key: String(at[i]),
      cells: [
        new Date((at[i] as number) * 1000).toLocaleTimeString("en-GB"),
        ...columns.map((column) => {
          const value = column[i];
          return value == null ? "–" : kind.format(value);
        }),
      ],
    })),
  );
}

function options(kind: ChartKind, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const pathOf = (line: number) =>
    ({
      steps: uPlot.paths.stepped?.({ align: 1 }),
      bars: uPlot.paths.bars?.({ size: [0.35, 8], align: line === 0 ? -1 : 1 }),
      dots: uPlot.paths.linear?.(),
    })[kind.shape];
  const axis: uPlot.Axis = {
    stroke: color("--soft"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: color("--hair"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: heightPx,
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    legend: { live: true },
    hooks: { setCursor: [showNewest], ready: [showNewest] },
    scales: { x: { range: widen }, y: { range: (_, __, max) => [0, niceTop(max)] } },
    axes: [
      {
        ...axis,
        size: 30,
        space: 70,
        incrs: minutes.map((n) => n * 60),
        values: (_, splits) => splits.map(hourAndMinute),
      },
      {
        ...axis,
        size: (_, labels) => 14 + 7 * Math.max(1, ...(labels ?? []).map((label) => label.length)),
        space: 36,
        values: (_, splits) => splits.map((value) => kind.format(value)),
      },
    ],
    series: [
      { label: "Time", value: (_, at) => (at == null ? "–" : hourAndMinute(at)) },
      ...kind.lines.map(
        (line, i): uPlot.Series => ({
          label: line.label,
          stroke: color(line.color),
          width: 2,
          // Dashes distinguish the second line without colour.
          ...(i === 1 && kind.shape !== "bars" ? { dash: [6, 4] } : {}),
          paths: pathOf(i) as uPlot.Series.PathBuilder,
          ...(kind.shape === "bars" ? { fill: color(line.color) } : {}),
          points: { show: kind.shape === "dots", size: 5, fill: color(line.color) },
          spanGaps: kind.shape === "dots",
          value: (_, value) => (value == null ? "–" : kind.format(value)),
        }),
      ),
    ],
  };
}

/** Without a cursor on the chart, the legend shows the newest values. */
function showNewest(plot: uPlot): void {
  if ((plot.cursor.left ?? -1) < 0) queueMicrotask(() => plot.setLegend({ idx: plot.data[0].length - 1 }));
}

/** A time axis with room for half a bar at both ends. */
function widen(_: uPlot, from: number, to: number): [number, number] {
  const margin = (to - from) * 0.03;
  return [from - margin, to + margin];
}

/** Room above the line, and an axis even when all values are 0. */
const niceTop = (max: number | null) => (max === null || max <= 0 ? 4 : Math.max(4, max * 1.15));

const hourAndMinute = (at: number) =>
  new Date(at * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
