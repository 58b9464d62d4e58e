import { Stage } from "../../contract/job.ts";
import type { StatusRow } from "../store/status.ts";
import type { Live } from "./notify.ts";

type Job = NonNullable<StatusRow["job"]>;

/**
 * Moves `job` on to what its worker says now, as D1 does it: nothing goes back. False, and nothing changed, for words of
 * another job or attempt, or of one that is not at work any more.
 */
export function advance(job: Job, live: Live): boolean {
  if (job.id !== live.jobId || job.attempt !== live.attempt || job.status !== "processing") return false;
  if (rank(live.stage) > rank(job.stage)) job.stage = live.stage;
  job.progress = Math.max(job.progress, live.progress);
  job.scenesTotal = live.scenes_total ?? job.scenesTotal;
  job.scenesReady = Math.max(job.scenesReady, live.scenes_ready);
  job.costMicroUsd = Math.max(job.costMicroUsd, Math.round(live.cost_usd * 1_000_000));
  return true;
}

const rank = (stage: Stage) => Stage.options.indexOf(stage);
