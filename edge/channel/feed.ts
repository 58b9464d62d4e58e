/**
 * A job's log as encoded frames that are only appended. A listener is a position in it and has no queue of
 * its own, so a slow listener costs nothing and all listeners share the bytes.
 */
import { endEvents, type JobEvent } from "../../contract/event.ts";
import { formatEventCursor } from "../store/log.ts";

const encoder = new TextEncoder();

/** One server-sent event. `data` is written on one line; `id` is given for stored events only. */
export function frame(event: string, data: unknown, id?: string): Uint8Array {
  return encoder.encode(
    `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
  );
}

/** The first bytes of a stream: clients reconnect after 2 s. */
export const greeting = encoder.encode("retry: 2000\n");
export const ping = encoder.encode(": ping\n\n");

export class Feed {
  /** Null: no film of the dream was requested yet. */
  readonly jobId: string | null;
  /** The last event ends the job, or the job was deleted with its dream. */
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
      // An earlier read brought this event already. A gap stays: the clean-up removed those events.
      if (event.seq <= this.lastSeq) continue;
      const { job_id: jobId, seq } = event;
      this.#frames.push({ seq, bytes: frame(event.type, event, formatEventCursor({ jobId, seq })) });
      if (isLast(event)) this.ended = true;
    }
  }

  /** At most `most` frames after the event number `seq`. */
  after(seq: number, most: number): { seq: number; bytes: Uint8Array }[] {
    // A frame's index is never above its event number, so the search begins there.
    let from = Math.min(seq, this.#frames.length);
    while (from > 0 && (this.#frames[from - 1]?.seq ?? 0) > seq) from--;
    return this.#frames.slice(from, from + most);
  }
}

const isLast = ({ type }: JobEvent) => (endEvents as readonly string[]).includes(type);
