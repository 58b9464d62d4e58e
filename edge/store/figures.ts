/** The service's current figures for metrics, charts and the operators' page, in one round trip. */
import { sql } from "drizzle-orm";
import { configurationCodes } from "../../contract/ai-configuration.ts";
import type { Priority } from "../../contract/film.ts";
import type { OpsFigures } from "../../contract/ops.ts";
import type { Counter, Figures } from "../metrics/figures.ts";
import { countHeldJobs, isLifted, isNotHeld, readHold, selectHolds } from "./holds.ts";
import { firstOf, type Session } from "./open.ts";
import { isReplaced } from "./ops.ts";
import { isUp } from "./workers.ts";

/** Counting stops here, so that a scrape stays cheap. */
const mostCounted = 10_000;
const overdueMs = 60_000;
const dayMs = 24 * 3600_000;
const hourMs = 3600_000;
/** The failures of one hour that are grouped by their codes. */
const mostFailed = 1_000;
const keepSamplesMs = 2 * dayMs;

interface Waiting {
  depth: number;
  oldest: number | null;
  /** Since when a worker could have taken a job. */
  ready: number | null;
}

/** For this long after a job's end its slot counts as not free yet. */
const takeMs = 10_000;

/** Machines that are up, and what kept their slots from waiting jobs until a moment ago. */
const readiness = (nowMs: number) => ({
  machines: sql<{ started_at: number; seen_at: number }>`
    SELECT started_at, seen_at FROM workers WHERE ${isUp(nowMs)} LIMIT ${mostCounted}`,
  kept: sql<{ lifted: number; ended: number }>`
    SELECT COALESCE((SELECT MAX(lifted_at) FROM holds WHERE ${isLifted}), 0) AS lifted,
      EXISTS (SELECT 1 FROM jobs WHERE ended_at > ${nowMs - takeMs}) AS ended`,
});

const waiting = (priority: Priority, nowMs: number) => sql<Waiting>`
  SELECT COUNT(*) AS depth, MIN(created_at) AS oldest, MIN(ready) AS ready FROM (
    SELECT MAX(created_at, COALESCE(approved_at, 0)) AS created_at,
      IIF(ready_at <= ${nowMs} AND ${isNotHeld}, MAX(created_at, ready_at), NULL) AS ready
    FROM jobs WHERE status = 'queued' AND priority = ${priority} AND is_waiting = 0 LIMIT ${mostCounted})`;

/** All current figures. */
export async function readFigures(session: Session, nowMs: number): Promise<Figures> {
  const read = await session.batch({
    premium: waiting("premium", nowMs),
    standard: waiting("standard", nowMs),
    readiness: readiness(nowMs),
    rest: sql<
      Pick<
        OpsFigures,
        "processing" | "asking" | "workers" | "slots" | "webhooks_pending" | "outbox_overdue" | "dead_letters"
      >
    >`
      SELECT
        (SELECT COUNT(*) FROM jobs WHERE status = 'processing' AND lease_expires_at > 0) AS processing,
        (SELECT COUNT(*) FROM (SELECT 1 FROM jobs WHERE status = 'waiting' AND is_expiry_told IN (0, 1)
          AND expires_at > 0 LIMIT ${mostCounted})) AS asking,
        (SELECT COUNT(*) FROM workers WHERE ${isUp(nowMs)}) AS workers,
        (SELECT COALESCE(SUM(slots), 0) FROM workers WHERE ${isUp(nowMs)}) AS slots,
        (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE status = 'pending' AND webhook_id > ''
          LIMIT ${mostCounted})) AS webhooks_pending,
        (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE due_at <= ${nowMs - overdueMs}
          LIMIT ${mostCounted})) AS outbox_overdue,
        (SELECT COUNT(*) FROM (SELECT 1 FROM dead_letters WHERE at > ${nowMs - dayMs}
          LIMIT ${mostCounted})) AS dead_letters`,
    holds: selectHolds,
    held: countHeldJobs,
    completed: sql<{ films: number }>`
      SELECT COUNT(*) AS films FROM (SELECT 1 FROM jobs WHERE ended_at > ${nowMs - hourMs}
        AND status = 'completed' AND kind = 'film' LIMIT ${mostCounted})`,
    failed: sql<{ code: string | null; at: number }>`
      SELECT error_code AS code, ended_at AS at FROM jobs WHERE ended_at > ${nowMs - hourMs}
        AND status = 'failed' AND kind = 'film' AND NOT ${isReplaced} ORDER BY ended_at LIMIT ${mostFailed}`,
    // All rows. The range makes the read a search by the primary key: d1-trips.test.ts fails for every table
    // scan, so that none is added by mistake.
    counters: sql<Counter>`SELECT name, label, value FROM counters WHERE name > '' LIMIT 1000`,
  });
  const { premium, standard, rest, counters, holds, held, completed, failed } = read;
  const { lifted, ended } = firstOf(read.readiness.kept);
  /** The longest time for which one machine was up while the job could be taken, by its newest heartbeat. */
  const readySeconds = (since: number | null) =>
    since === null || ended
      ? 0
      : Math.max(
          0,
          ...read.readiness.machines.map(
            ({ started_at, seen_at }) => (seen_at - Math.max(since, lifted, started_at)) / 1000,
          ),
        );
  const secondsSince = (atMs: number | null) => (atMs === null ? 0 : Math.max(0, nowMs - atMs) / 1000);
  const queue = (priority: Priority, { depth, oldest, ready }: Waiting) => ({
    depth,
    oldest_seconds: secondsSince(oldest),
    ready_seconds: readySeconds(ready),
    waits: sum("queue_wait_bucket", `${priority} `),
    waited_seconds: sum("queue_wait_sum", priority),
  });
  return {
    now: {
      queues: { premium: queue("premium", firstOf(premium)), standard: queue("standard", firstOf(standard)) },
      ...firstOf(rest),
      completed: sum("jobs_ended", "completed "),
      failed: sum("jobs_ended", "failed "),
      misconfigured: configurationCodes.reduce(
        (all, code) =>
          ["jobs_ended", "transcriptions_ended", "takes_ended"].reduce(
            (some, name) => some + sum(name, `failed ${code}`),
            all,
          ),
        0,
      ),
      last_hour: { completed: firstOf(completed).films, failed: groupFailures(failed) },
      holds: holds.map(readHold),
      held_jobs: firstOf(held).held_jobs,
      cancelled: sum("jobs_ended", "cancelled "),
      requeued: sum("jobs_requeued", ""),
      spent_usd: sum("spent_usd", ""),
    },
    counters,
  };

  function sum(name: string, labelStart: string): number {
    return counters
      .filter((counter) => counter.name === name && counter.label.startsWith(labelStart))
      .reduce((total, { value }) => total + value, 0);
  }
}

/** Failures by code, the most frequent first. `failed` is in the order of time. */
function groupFailures(failed: readonly { code: string | null; at: number }[]) {
  return [...Map.groupBy(failed, ({ code }) => code ?? "job.failed")]
    .map(([code, same]) => ({ code, films: same.length, since: new Date(same[0]?.at ?? 0).toISOString() }))
    .sort((a, b) => b.films - a.films);
}

/** Stores the figures of this minute once, and deletes expired ones. */
export async function keepSample(session: Session, figures: Figures["now"], nowMs: number): Promise<void> {
  const minute = Math.floor(nowMs / 60_000) * 60_000;
  await session.batch({
    sample: sql`INSERT INTO samples (at, figures) VALUES (${minute}, ${JSON.stringify(figures)}) ON CONFLICT DO NOTHING`,
    old: sql`DELETE FROM samples WHERE at <= ${nowMs - keepSamplesMs}`,
  });
}

/** The samples since `sinceMs`, oldest first. */
export async function readSamples(session: Session, sinceMs: number): Promise<OpsFigures[]> {
  const rows = await session.run(sql<{ at: number; figures: string }>`
    SELECT at, figures FROM samples WHERE at > ${sinceMs} ORDER BY at LIMIT ${keepSamplesMs / 60_000}`);
  return rows.map(({ at, figures }) => ({ at: new Date(at).toISOString(), ...JSON.parse(figures) }));
}
