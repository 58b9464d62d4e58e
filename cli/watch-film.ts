import { setTimeout as sleep } from "node:timers/promises";
import type { VideoStatus } from "../contract/job.ts";
import type { ApiClient } from "./api-client.ts";

const pollMs = 400;

/**
 * Polls the video's status until its job has ended. Calls `show` with each status; resolves to the last.
 * @throws the signal's reason when it aborts
 */
export async function watchFilm(
  api: Pick<ApiClient, "status">,
  dreamId: string,
  show: (status: VideoStatus) => void,
  signal: AbortSignal,
): Promise<VideoStatus> {
  for (;;) {
    const status = await api.status(dreamId);
    show(status);
    if (status.status !== "queued" && status.status !== "processing") return status;
    await sleep(pollMs, undefined, { signal });
  }
}
