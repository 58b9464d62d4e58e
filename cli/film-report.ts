import type { FilmCost } from "../contract/cost.ts";
import type { VideoStatus } from "../contract/job.ts";

/** The report on a finished film, one row per line: file, address, length, cost and times. */
export function filmReport(
  status: VideoStatus,
  bill: Pick<FilmCost, "total_usd" | "estimated_usd">,
  filmPath: string,
  totalSeconds: number | null,
): string {
  const rows: [string, string][] = [
    ["film", filmPath],
    ["address", status.video_url ?? ""],
    ["length", `${status.duration_seconds?.toFixed(1)} s in ${status.scenes.ready} scenes`],
    ["cost", describeCost(bill)],
  ];
  if (totalSeconds !== null) rows.push(["time", `${totalSeconds.toFixed(1)} s`]);
  for (const [stage, seconds] of Object.entries(status.timings ?? {}))
    rows.push([`  ${stage.replace("_", " ")}`, `${seconds.toFixed(1)} s`]);
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}`).join("\n");
}

function describeCost({ total_usd, estimated_usd }: Pick<FilmCost, "total_usd" | "estimated_usd">): string {
  const total = `$${total_usd.toFixed(4)} at the models' list prices`;
  return estimated_usd === 0 ? total : `at most ${total}, of which $${estimated_usd.toFixed(4)} is estimated`;
}
