/**
 * How a job changes its state. Each transition (`end-job`, `requeue-job`, `claim-job`) is written once, with this
 * builder, and is part of a caller's batch. The builder alone orders the statements: what reads the jobs as they were
 * (event, webhook messages, dream) comes first, and the jobs change last, all under the same condition.
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
  /** SQL condition over `jobs`: which jobs change. No statement of `before` may change what it asks. */
  when: SQL;
  /** What the log, and the webhooks that want it, say of the change. */
  event: NewEvent;
  /** SQL assignments of `dreams`, where one of these jobs is the dream's newest. */
  dream: SQL;
  /** What else belongs to the change and reads the jobs as they were. Runs before the event. */
  before: Before;
  /** SQL assignments of `jobs`. */
  jobs: SQL;
}

/** The statements of one change of every job that `when` finds, in their order. `jobs` gives those that changed. */
export const changeJobs = <const Before extends Statements>(
  { when, event, dream, before, jobs }: JobChange<Before>,
  nowMs: number,
) => ({
  before,
  deliveries: isDelivered(event.type) ? promiseDeliveries(event, nowMs, when) : null,
  event: appendEvent(event, nowMs, when),
  dream: sql`
    UPDATE dreams SET ${dream}
    FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${when}`,
  jobs: sql<ChangedJob>`UPDATE jobs SET ${jobs} WHERE ${when} RETURNING id, dream_id, priority`,
});

const isDelivered = (type: EdgeEvent["type"]) => WebhookEventType.safeParse(type).success;
