/**
 * The builder of every change of a job's state. Each transition (`end-job`, `requeue-job`, `claim-job`) is
 * written once with it, and is part of a caller's batch. Only the builder orders the statements: those that
 * read the jobs' old state (event, webhook messages, dream) come first, and the jobs change last, all under
 * the same condition.
 */
import { type SQL, sql } from "drizzle-orm";
import type { EdgeEvent } from "../../../contract/event.ts";
import { WebhookEventType } from "../../../contract/webhook.ts";
import { promiseDeliveries } from "../deliveries.ts";
import { appendEvent, type NewEvent } from "../events.ts";
import type { Statements } from "../open.ts";

export interface ChangedJob {
  id: string;
  dream_id: string;
  priority: "standard" | "premium";
}

interface JobChange<Before extends Statements> {
  /** SQL condition over `jobs`: the jobs that change. No statement of `before` may change its result. */
  when: SQL;
  /** The event in the log and to subscribed webhooks. */
  event: NewEvent;
  /** SQL assignments of `dreams`, for jobs that are their dream's newest. */
  dream: SQL;
  /** Further statements that read the jobs' old state. They run before the event. */
  before: Before;
  /** SQL assignments of `jobs`. */
  jobs: SQL;
}

/** The statements of one change of every job that `when` finds, in order. `jobs` gives the changed jobs. */
export const changeJobs = <const Before extends Statements>(
  { when, event, dream, before, jobs }: JobChange<Before>,
  nowMs: number,
) => ({
  before,
  deliveries: isDelivered(event.type)
    ? promiseDeliveries(event, nowMs, sql`${when} AND jobs.kind = 'film'`)
    : null,
  event: appendEvent(event, nowMs, when),
  dream: sql`
    UPDATE dreams SET ${dream}
    FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${when}`,
  jobs: sql<ChangedJob>`UPDATE jobs SET ${jobs} WHERE ${when} RETURNING id, dream_id, priority`,
});

const isDelivered = (type: EdgeEvent["type"]) => WebhookEventType.safeParse(type).success;
