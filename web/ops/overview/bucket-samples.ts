/** Gathers the samples of each minute into buckets for the charts. */
import type { OpsFigures } from "../../../contract/ops.ts";

export const ranges = [
  { label: "15 min", hours: 0.25, bucketSeconds: 15 },
  { label: "1 h", hours: 1, bucketSeconds: 60 },
  { label: "6 h", hours: 6, bucketSeconds: 180 },
  { label: "24 h", hours: 24, bucketSeconds: 900 },
  { label: "48 h", hours: 48, bucketSeconds: 1800 },
] as const;
export type Range = (typeof ranges)[number];

/** Columns of equal length. Null: no value is known, or no wait ended. */
export interface Series {
  /** The start of each bucket, in Unix seconds. */
  at: number[];
  depth: Record<Queue, (number | null)[]>;
  /** Mean of the waits that ended, in seconds. */
  wait: Record<Queue, (number | null)[]>;
  completed: (number | null)[];
  failed: (number | null)[];
}
type Queue = "premium" | "standard";

/** `figures`: oldest first. A bucket has the largest depth, and the growth of each counter. */
export function bucketSamples(
  figures: readonly OpsFigures[],
  { bucketSeconds }: { bucketSeconds: number },
): Series {
  const series: Series = {
    at: [],
    depth: { premium: [], standard: [] },
    wait: { premium: [], standard: [] },
    completed: [],
    failed: [],
  };
  let before: OpsFigures | undefined;
  for (const bucket of gather(figures, bucketSeconds)) {
    const last = bucket.figures.at(-1) as OpsFigures;
    series.at.push(bucket.at);
    for (const queue of ["premium", "standard"] as const) {
      series.depth[queue].push(Math.max(...bucket.figures.map(({ queues }) => queues[queue].depth)));
      series.wait[queue].push(before ? meanWait(before.queues[queue], last.queues[queue]) : null);
    }
    series.completed.push(before ? last.completed - before.completed : null);
    series.failed.push(before ? last.failed - before.failed : null);
    before = last;
  }
  return series;
}

function gather(figures: readonly OpsFigures[], seconds: number): { at: number; figures: OpsFigures[] }[] {
  const buckets: { at: number; figures: OpsFigures[] }[] = [];
  for (const one of figures) {
    const at = Math.floor(Date.parse(one.at) / 1000 / seconds) * seconds;
    const open = buckets.at(-1);
    if (open?.at === at) open.figures.push(one);
    else buckets.push({ at, figures: [one] });
  }
  return buckets;
}

type Counts = OpsFigures["queues"][Queue];

function meanWait(before: Counts, after: Counts): number | null {
  const ended = after.waits - before.waits;
  return ended > 0 ? (after.waited_seconds - before.waited_seconds) / ended : null;
}
