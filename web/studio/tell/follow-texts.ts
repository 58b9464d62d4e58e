/** Follows the texts of uploaded parts: by the dream's live stream, or by reading them again and again. */
import type { LiveSegment } from "../../../contract/live.ts";
import { readEventStream } from "../watch/read-event-stream.ts";

export interface FollowPorts {
  /** The service works on a part, or its view of the parts was not read yet. */
  isPending(): boolean;
  /** More parts will follow soon, so an open stream stays open. */
  isBusy(): boolean;
  /** Reads the service's view of all parts. */
  refresh(): Promise<void>;
  /** Opens the dream's stream. @throws ApiProblem */
  openStream(): Promise<Response>;
  take(segment: LiveSegment): void;
  /** Resolves after `ms`, or earlier when the network is back. */
  pause(ms: number): Promise<void>;
}

const pollMs = 700;
const retryMs = { first: 500, most: 10_000 };
/** The stream pings every 15 s. Two missing pings mean a dead connection. */
const silenceMs = 32_000;

/** The result follows until nothing is pending. Call it whenever a part may have become pending. */
export function createFollower(ports: FollowPorts): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    if (running === null && !ports.isPending()) return Promise.resolve();
    running ??= follow(ports).finally(() => {
      running = null;
    });
    return running;
  };
}

async function follow(ports: FollowPorts): Promise<void> {
  let canStream = true;
  let failures = 0;
  while (ports.isPending()) {
    try {
      await ports.refresh();
      if (!ports.isPending()) return;
      if (canStream) canStream = await readStream(ports);
      else await ports.pause(pollMs);
      failures = 0;
    } catch {
      await ports.pause(Math.min(retryMs.first * 2 ** failures++, retryMs.most));
    }
  }
}

/** False if the dream has no stream: its log has ended, or there are too many listeners. */
async function readStream(ports: FollowPorts): Promise<boolean> {
  const response = await ports.openStream();
  if (response.status === 204 || response.body === null) return false;
  for await (const { event, data } of readEventStream(response.body, silenceMs)) {
    if (event === "segment") ports.take(JSON.parse(data) as LiveSegment);
    if (!ports.isPending() && !ports.isBusy()) break;
  }
  return true;
}
