import type { EventCursor } from "../store/log.ts";

/** A place in a log as clients see it, `{job_id}:{seq}`: stays clear when a dream gets a second job. */
export const formatEventCursor = ({ jobId, seq }: EventCursor): string => `${jobId}:${seq}`;

/** Null: not one of ours. */
export function parseEventCursor(text: string): EventCursor | null {
  const [, jobId, seq] = /^([A-Za-z0-9_-]{1,64}):([0-9]{1,9})$/.exec(text) ?? [];
  return jobId === undefined ? null : { jobId, seq: Number(seq) };
}
