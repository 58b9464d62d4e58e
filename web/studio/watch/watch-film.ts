/**
 * Follows a dream's film until it has ended: by the live stream, or by polling the status when there is no
 * stream. After a lost connection it continues after the last stored event, so no event is lost and none is
 * applied twice.
 */
import type { JobEvent } from "../../../contract/event.ts";
import type { VideoStatus } from "../../../contract/job.ts";
import type { LiveProgress, StreamGap } from "../../../contract/live.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { applyEvent, applyProgress, applyStatus } from "./apply-message.ts";
import { type FilmState, isActive, unknownFilm } from "./film-state.ts";
import { readEventStream, type StreamMessage } from "./read-event-stream.ts";

export interface WatchPorts {
  readStatus(dreamId: string, signal: AbortSignal): Promise<VideoStatus>;
  openEvents(dreamId: string, after: string | null, signal: AbortSignal): Promise<Response>;
  /** Resolves after `ms`, or earlier when the network is back. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

const pollMs = 1_000;
/** The stream pings every 15 s. Two missing pings mean a dead connection. */
const silenceMs = 32_000;
const reconnectMs = { first: 500, max: 5_000 };

/**
 * Calls `show` with every new state. Resolves to the last state when the film has ended.
 * @throws ApiProblem when a retry cannot succeed; the signal's reason when it aborts
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
      if (!isTransient(error)) throw error;
      show(film, false);
      await ports.pause(Math.min(reconnectMs.first * 2 ** failures++, reconnectMs.max), signal);
    }
  }

  /** Whether the stream came to its end. */
  async function readStream(): Promise<boolean> {
    const after = film.lastSeq === 0 ? null : `${film.jobId}:${film.lastSeq}`;
    let response: Response;
    try {
      response = await ports.openEvents(dreamId, after, signal);
    } catch (error) {
      // Too many streams, or a service without them: polling the status is enough.
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
  const message: unknown = JSON.parse(data);
  switch (event) {
    case "snapshot":
      return applyStatus(film, message as VideoStatus);
    case "progress":
      return applyProgress(film, message as LiveProgress);
    case "stream.gap":
      return { ...film, jobId: (message as StreamGap).job_id, lastSeq: 0 };
    default:
      return applyEvent(film, message as JobEvent);
  }
}

/** Whether a retry may succeed. A stream that breaks throws no ApiProblem. */
function isTransient(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status >= 500 || error.status === 429;
}
