import { sql } from "drizzle-orm";
import { expiryNoticeSeconds } from "../../contract/limits.ts";
import { ownersOf } from "./deliveries.ts";
import type { Session } from "./open.ts";
import { endJobs } from "./transitions/end-job.ts";
import { warnOfExpiry } from "./transitions/pause-jobs.ts";

/** What `endWaits` has changed, the dreams of these jobs, and the owners whose webhooks have a message. */
export interface EndedWaits {
  told: number;
  expired: number;
  dreamIds: string[];
  owners: string[];
}

/**
 * Tells the owners of at most `limit` waiting jobs that the time for the approval ends, and ends at most as
 * many whose time is over. No job ends before its owner was told. Concurrent calls are safe: each job changes
 * once.
 */
export async function endWaits(session: Session, nowMs: number, limit: number): Promise<EndedWaits> {
  const waits = (isTold: 0 | 1, untilMs: number) => sql`jobs.id IN (SELECT id FROM jobs
    WHERE status = 'waiting' AND is_expiry_told = ${isTold} AND expires_at <= ${untilMs}
    ORDER BY expires_at LIMIT ${limit})`;
  // Ends first: otherwise a job whose owner is told now could end in the same batch.
  const { ended, told } = await session.batch({
    ended: endJobs(waits(1, nowMs), { status: "expired" }, nowMs),
    told: warnOfExpiry(waits(0, nowMs + expiryNoticeSeconds * 1000), nowMs),
  });
  return {
    told: told.jobs.length,
    expired: ended.jobs.length,
    dreamIds: [...ended.jobs, ...told.jobs].map(({ dream_id }) => dream_id),
    owners: ownersOf([...ended.deliveries, ...told.deliveries]),
  };
}
