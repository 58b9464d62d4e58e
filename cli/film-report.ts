import type { VideoStatus } from "../contract/job.ts";

/** What a person wants to know of a finished film: where it is, how long, what it cost, where the time went. */
export function filmReport(status: VideoStatus, filmPath: string, totalSeconds: number | null): string {
  const rows: [string, string][] = [
    ["film", filmPath],
    ["address", status.video_url ?? ""],
    ["length", `${status.duration_seconds?.toFixed(1)} s in ${status.scenes.ready} scenes`],
    ["cost", `$${status.cost_usd.toFixed(4)} at the models' list prices`],
  ];
  if (totalSeconds !== null) rows.push(["time", `${totalSeconds.toFixed(1)} s`]);
  for (const [stage, seconds] of Object.entries(status.timings ?? {}))
    rows.push([`  ${stage.replace("_", " ")}`, `${seconds.toFixed(1)} s`]);
  return rows.map(([name, value]) => `${name.padEnd(14)} ${value}`).join("\n");
}
