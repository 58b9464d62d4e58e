/** What the edge tells a dream's channel, and how a channel applies live progress. */

import { Stage } from "../../contract/job.ts";
import type { ProgressReport } from "../../contract/report.ts";
import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";
import type { StatusRow } from "../store/status.ts";

/** A worker's latest progress, for listeners. It is not stored: a lost one only delays the display. */
export type Live = { jobId: string } & Pick<
  ProgressReport,
  "attempt" | "stage" | "progress" | "scenes_total" | "scenes_ready" | "cost_usd"
>;

export interface ChannelNotice {
  dreamId: string;
  /** D1 has something new about the dream. */
  changed: boolean;
  live?: Live;
}

/** Notifies the dream's channel after the answer. Never throws: a channel with listeners also polls D1. */
export function notifyChannel(
  env: Env,
  defer: (work: Promise<unknown>) => void,
  notice: ChannelNotice,
): void {
  defer(
    env.CHANNELS.getByName(notice.dreamId)
      .notify(notice)
      .catch((error: unknown) => {
        console.warn(JSON.stringify({ event: "channel.unreachable", reason: reasonOf(error) }));
      }),
  );
}

/**
 * Makes the owner's open streams check their keys again. Never throws: each channel checks within a minute
 * anyway.
 */
export async function recheckStreams(env: Env, ownerId: string): Promise<void> {
  await env.STREAM_COUNTS.getByName(ownerId)
    .recheck()
    .catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "channel.unreachable", reason: reasonOf(error) }));
    });
}

type Job = NonNullable<StatusRow["job"]>;

/**
 * Applies live progress to `job` by the rules of D1: no value goes back. False, and nothing changes, if the
 * progress is about another job or attempt, or the job is no longer being made.
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
