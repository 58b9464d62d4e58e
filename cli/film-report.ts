import type { FilmCost } from "../contract/cost.ts";
import type { VideoStatus } from "../contract/job.ts";

/** The report on a finished film, one row per line: file, address, length, cost, times and warnings. */
export function filmReport(status: VideoStatus, bill: Bill, filmPath: string): string {
  const rows: [string, string][] = [
    ["film", filmPath],
    ...(status.video_url ? [["address", status.video_url] as [string, string]] : []),
    ["length", `${status.duration_seconds?.toFixed(1)} s in ${count(status.scenes.ready, "scene")}`],
    ["cost", describeCost(bill)],
  ];
  const seconds = makingSeconds(status);
  if (seconds !== null) rows.push(["time", `${seconds.toFixed(1)} s`]);
  for (const [stage, seconds] of Object.entries(status.timings ?? {}))
    rows.push([`  ${stage.replace("_", " ")}`, `${seconds.toFixed(1)} s`]);
  rows.push(...status.warnings.map((warning): [string, string] => ["warning", warning]));
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}`).join("\n");
}

/**
 * From the request to the film, whenever a person began to watch; null where a part of that time was the
 * owner's own, at the storyboard.
 */
function makingSeconds({ created_at, completed_at, options }: VideoStatus): number | null {
  if (created_at === null || completed_at === null || options?.pause_after) return null;
  return (Date.parse(completed_at) - Date.parse(created_at)) / 1000;
}

type Bill = Pick<FilmCost, "total_usd" | "estimated_usd" | "reused" | "saved_usd">;

function describeCost({ total_usd, estimated_usd, reused, saved_usd }: Bill): string {
  const total = `$${total_usd.toFixed(4)} at the models' list prices`;
  const assets = count(reused, "asset");
  if (total_usd === 0 && reused > 0)
    return `nothing: ${assets} reused, for which $${saved_usd.toFixed(4)} was paid before`;
  const cost =
    estimated_usd === 0 ? total : `at most ${total}, of which $${estimated_usd.toFixed(4)} is estimated`;
  return reused === 0 ? cost : `${cost}; ${assets} reused, which saved $${saved_usd.toFixed(4)}`;
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
