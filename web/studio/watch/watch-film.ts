/**
 * Follows a dream's film until it has ended: by the live stream where it opens, by asking for the status where it does
 * not. A cut connection is taken up again after the last stored event that came, so nothing is lost and nothing counts
 * twice.
 */
import type { JobEvent } from "../../../contract/event.ts";
import type { VideoStatus } from "../../../contract/job.ts";
import type { LiveProgress, StreamGap } from "../../../contract/live.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import {
  applyEvent,
  applyProgress,
  applyStatus,
  type FilmState,
  isActive,
  unknownFilm,
} from "./film-state.ts";
import { readEventStream, type StreamMessage } from "./read-event-stream.ts";

export interface WatchPorts {
  readStatus(dreamId: string, signal: AbortSignal): Promise<VideoStatus>;
  openEvents(dreamId: string, after: string | null, signal: AbortSignal): Promise<Response>;
  /** Resolves after `ms`, or sooner when the network is back. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

const pollMs = 1_000;
/** The stream pings every 15 s: after two that did not come, the connection is dead. */
const silenceMs = 32_000;
const reconnectMs = { first: 500, most: 5_000 };

/**
 * Calls `show` with every new state. Resolves when the film has ended and everything of it was shown.
 * @throws ApiProblem that asking again will not mend; `signal`'s reason
 */
export async function watchFilm(
  dreamId: string,
  ports: WatchPorts,
  show: (film: FilmState, online: boolean) => void,
  signal: AbortSignal,
): Promise<FilmState> {
  let film = unknownFilm;
  let canStream = true;
  let failures = 0;
  const take = (next: FilmState) => {
    film = next;
    show(film, true);
  };
  for (;;) {
    signal.throwIfAborted();
    try {
      take(applyStatus(film, await ports.readStatus(dreamId, signal)));
      if (film.jobId === null) return film;
      if (canStream) {
        const ended = await readStream();
        if (ended && !isActive(film)) return film;
      } else if (!isActive(film)) return film;
      else await ports.pause(pollMs, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      show(film, false);
      await ports.pause(Math.min(reconnectMs.first * 2 ** failures++, reconnectMs.most), signal);
    }
  }

  /** Whether the stream has told all there is. */
  async function readStream(): Promise<boolean> {
    const after = film.lastSeq === 0 ? null : `${film.jobId}:${film.lastSeq}`;
    let response: Response;
    try {
      response = await ports.openEvents(dreamId, after, signal);
    } catch (error) {
      // A crowd, or a service without a stream: the status tells what matters.
      canStream = !(error instanceof ApiProblem && noStream.has(error.code));
      if (canStream) throw error;
      return false;
    }
    if (response.status === 204 || response.body === null) return true;
    for await (const message of readEventStream(response.body, silenceMs)) {
      failures = 0;
      take(apply(film, message));
    }
    return true;
  }
}

const noStream = new Set(["stream.full", "request.not_found", "request.method_not_allowed"]);

function apply(film: FilmState, { event, data }: StreamMessage): FilmState {
  const said: unknown = JSON.parse(data);
  switch (event) {
    case "snapshot":
      return applyStatus(film, said as VideoStatus);
    case "progress":
      return applyProgress(film, said as LiveProgress);
    case "stream.gap":
      return { ...film, jobId: (said as StreamGap).job_id, lastSeq: 0 };
    default:
      return applyEvent(film, said as JobEvent);
  }
}

/** Whether the next try may go better. A stream that broke off throws no ApiProblem. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429;
}
