/**
 * A job's log as its listeners read it: frames that only ever grow. A listener is a place in it and not a queue, so one
 * that reads slowly costs nothing, and all share the bytes.
 */
import type { JobEvent } from "../../contract/event.ts";
import { formatEventCursor } from "../store/log.ts";

const encoder = new TextEncoder();

/** One frame. `data` is put on one line; `id` only for what is stored. */
export function frame(event: string, data: unknown, id?: string): Uint8Array {
  return encoder.encode(
    `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
  );
}

export const greeting = encoder.encode("retry: 2000\n");
export const ping = encoder.encode(": ping\n\n");

export class Feed {
  /** Null: nobody has asked for a film of the dream yet. */
  readonly jobId: string | null;
  /** The last event is the job's end, or the job went away with its dream. */
  ended = false;
  readonly #frames: { seq: number; bytes: Uint8Array }[] = [];

  constructor(jobId: string | null) {
    this.jobId = jobId;
  }

  get lastSeq(): number {
    return this.#frames.at(-1)?.seq ?? 0;
  }

  append(events: readonly JobEvent[]): void {
    for (const event of events) {
      // A read before this one has brought it already. A hole is what a clean-up has removed: it stays one.
      if (event.seq <= this.lastSeq) continue;
      const { job_id: jobId, seq } = event;
      this.#frames.push({ seq, bytes: frame(event.type, event, formatEventCursor({ jobId, seq })) });
      if (isLast(event)) this.ended = true;
    }
  }

  /** At most `most` frames after the place `seq`. */
  after(seq: number, most: number): { seq: number; bytes: Uint8Array }[] {
    // No frame lies beyond its own number, so the search begins at the place or before it.
    let from = Math.min(seq, this.#frames.length);
    while (from > 0 && (this.#frames[from - 1]?.seq ?? 0) > seq) from--;
    return this.#frames.slice(from, from + most);
  }
}

const isLast = ({ type }: JobEvent) =>
  type === "job.completed" || type === "job.failed" || type === "job.cancelled";
