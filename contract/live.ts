/**
 * The messages of a dream's live stream besides the stored events, and pages of stored events. An event
 * cursor is written `{job_id}:{seq}`, so it stays unambiguous when a dream gets a second job.
 */
import { z } from "zod";
import { JobEvent } from "./event.ts";
import { VideoStatus } from "./job.ts";
import type { Segment } from "./segment.ts";

/**
 * `event: progress`: the job's current progress. Sent at least at each report of the worker, never stored.
 */
export const LiveProgress = VideoStatus.pick({
  job_id: true,
  stage: true,
  progress: true,
  scenes: true,
  attempt: true,
  cost_usd: true,
  held: true,
  has_no_machine: true,
  queue_position: true,
  eta_seconds: true,
  eta_error_seconds: true,
}).meta({ id: "LiveProgress" });
export type LiveProgress = z.infer<typeof LiveProgress>;

/**
 * `event: segment`, with `?include=segments`: the current state of one part of a told dream. Sent for each
 * part when the stream opens, and again at each change. Its shape is that of GET /dreams/{did}/segments.
 */
export type LiveSegment = Segment;

/**
 * `event: stream.gap`: the requested event cursor is unknown, so the log of `job_id` follows from its start.
 */
export const StreamGap = z
  .object({ after: z.string(), job_id: z.string().nullable() })
  .meta({ id: "StreamGap" });
export type StreamGap = z.infer<typeof StreamGap>;

/** GET /dreams/{did}/events. */
export const EventPage = z
  .object({
    job_id: z.string().nullable().describe("The job whose log this is; null before a video was requested."),
    data: z.array(JobEvent),
    next_after: z.string().nullable().describe("`after` of the next page, and of the next look at the end."),
    has_more: z.boolean(),
  })
  .meta({ id: "EventPage" });
export type EventPage = z.infer<typeof EventPage>;

/** POST /dreams/{did}/video-events/token. */
export const EventsAddress = z
  .object({
    events_url: z.string().describe("Opens the live stream without a key, for EventSource."),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: "EventsAddress" });
export type EventsAddress = z.infer<typeof EventsAddress>;
