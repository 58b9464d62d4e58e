import type { ProgressReport } from "../../contract/internal.ts";
import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";

/** What a worker has just said, for listeners: never stored, so a lost one is only a little silence. */
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

/** Tells the dream's channel, after the answer. Never fails: the channel looks for itself while somebody listens. */
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

/** Lets the owner's open streams see that a key is revoked. Never fails: each channel looks for itself within a minute. */
export async function recheckStreams(env: Env, ownerId: string): Promise<void> {
  await env.STREAM_COUNTS.getByName(ownerId)
    .recheck()
    .catch((error: unknown) => {
      console.warn(JSON.stringify({ event: "channel.unreachable", reason: reasonOf(error) }));
    });
}
