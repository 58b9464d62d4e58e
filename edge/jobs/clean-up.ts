/**
 * Removes expired data: files of attempts that lost their job, and, if the operator set how long they are
 * kept, films, logs and assets. Each kind runs until nothing is due or its time is up; it may be repeated
 * and interrupted at any point. Unfinished multipart uploads are left to a lifecycle rule of the bucket
 * (deploy/blueprint.ts), because R2's binding cannot list them.
 */
import { approvalSeconds } from "../../contract/limits.ts";
import type { CleanupReport } from "../../contract/ops-acts.ts";
import { jobPrefix, quarantineKey } from "../../contract/storage.ts";
import type { Env } from "../env.ts";
import {
  countExpired,
  dropFilms,
  dropLogs,
  findOldFilms,
  findOldLogs,
  readMark,
  setMark,
} from "../store/clean-up.ts";
import { addToCounter } from "../store/counters.ts";
import type { Session } from "../store/open.ts";
import { forgetPurges, type Purge, readOrphansOfJobs, takeDuePurges } from "../store/purges.ts";
import { purgeAssets, purgeFiles } from "./purge.ts";
import { runStep } from "./run-step.ts";

/** Rows of each kind in one step; steps repeat while there is time. */
const jobsPerStep = 50;
const logsPerStep = 200;
/** @source R2: a call lists or deletes at most 1,000 keys */
const assetsPerStep = 1_000;
/** Jobs whose files are purged at once. @source Workers: six open connections, of which D1 needs one */
const purgesAtOnce = 4;
/** A purge that takes longer is abandoned and tried again later. Milliseconds. */
const purgeMs = 10_000;
const dayMs = 24 * 3600_000;

/** The result of one step. `isLast`: nothing more is due. */
interface Step {
  count: number;
  isLast: boolean;
}

/**
 * Removes each kind for at most `forMs` milliseconds. A dry run only counts what the first step of each
 * would remove.
 */
export async function cleanUp(
  env: Env,
  session: Session,
  now: () => number,
  forMs: number,
  dryRun: boolean,
): Promise<CleanupReport> {
  const kinds: Record<string, () => Promise<Step>> = {
    attempt_files: () => removeSomeAttempts(env, session, now),
    films: () => removeSomeFilms(env, session, now(), dryRun),
    logs: () => removeSomeLogs(env, session, now(), dryRun),
    assets: () => removeSomeAssets(env, session, now(), dryRun),
  };
  // The sweep removes these each minute; a dry run counts what is left for it.
  const removed: Record<string, number> = dryRun ? { ...(await countExpired(session, now())) } : {};
  const failed: string[] = [];
  let hasMore = false;
  for (const [kind, step] of Object.entries(kinds)) {
    if (dryRun && kind === "attempt_files") continue;
    const done = await runStep(
      session,
      `clean_up.${kind}`,
      () => repeat(step, now, dryRun ? now() : now() + forMs),
      forMs + purgeMs + 5_000,
    );
    removed[kind] = done?.count ?? 0;
    if (done === null) failed.push(kind);
    hasMore ||= done?.isLast !== true;
  }
  const counts = Object.entries(removed).filter(([, count]) => count > 0);
  if (!dryRun && counts.length > 0) {
    await session.batch(
      Object.fromEntries(counts.map(([kind, count]) => [kind, addToCounter("cleanup", kind, count)])),
    );
  }
  return { dry_run: dryRun, removed, has_more: hasMore, failed };
}

/**
 * Removes the files of deleted dreams, of jobs without a film, and of attempts that lost their job, until
 * `untilMs`.
 */
export const removeAttempts = async (
  env: Env,
  session: Session,
  now: () => number,
  untilMs: number,
): Promise<number> => (await repeat(() => removeSomeAttempts(env, session, now), now, untilMs)).count;

/** Repeats the step until it was the last or `untilMs` has come. */
async function repeat(step: () => Promise<Step>, now: () => number, untilMs: number): Promise<Step> {
  let count = 0;
  for (;;) {
    const done = await step();
    count += done.count;
    if (done.isLast || now() >= untilMs) return { count, isLast: done.isLast };
  }
}

/**
 * Purges due jobs and gives their number. A job whose purge fails is due again later and delays no other.
 */
async function removeSomeAttempts(env: Env, session: Session, now: () => number): Promise<Step> {
  const due = await takeDuePurges(session, now(), jobsPerStep);
  const waiting = [...due];
  const purged: Purge[] = [];
  const purger = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const purge = one;
      const done = await runStep(session, "purge", () => purgeJob(env, purge), purgeMs);
      if (done !== null) purged.push(purge);
    }
  };
  await Promise.all(Array.from({ length: purgesAtOnce }, purger));
  if (purged.length > 0) {
    await purgeAssets(env.MEDIA, await readOrphansOfJobs(session, purged));
    await forgetPurges(session, purged);
  }
  return { count: purged.length, isLast: due.length < jobsPerStep };
}

async function purgeJob(env: Env, { dream_id, job_id, keep_attempt }: Purge): Promise<true> {
  const prefix = jobPrefix(dream_id, job_id);
  await env.MEDIA.delete(quarantineKey(dream_id, job_id));
  await purgeFiles(env.MEDIA, prefix, keep_attempt === null ? null : `${prefix}${keep_attempt}/`);
  return true;
}

async function removeSomeFilms(env: Env, session: Session, nowMs: number, dryRun: boolean): Promise<Step> {
  const before = cutOff(env.FILM_KEEP_DAYS, nowMs);
  if (before === null) return nothing;
  const films = await findOldFilms(session, before, jobsPerStep);
  // The rows change first, so that no client is sent to a deleted file. Purge rows delete the files later.
  if (!dryRun && films.length > 0) await dropFilms(session, films, nowMs);
  return { count: films.length, isLast: films.length < jobsPerStep };
}

async function removeSomeLogs(env: Env, session: Session, nowMs: number, dryRun: boolean): Promise<Step> {
  const before = cutOff(env.LOG_KEEP_DAYS, nowMs);
  if (before === null) return nothing;
  const jobs = await findOldLogs(session, before, logsPerStep);
  if (!dryRun && jobs.length > 0) await dropLogs(session, jobs);
  return { count: jobs.length, isLast: jobs.length < logsPerStep };
}

/**
 * Removes assets by the time of their purchase, because R2 does not know the last use. A removed asset is
 * bought again if needed.
 */
async function removeSomeAssets(env: Env, session: Session, nowMs: number, dryRun: boolean): Promise<Step> {
  const before = cutOff(env.ASSET_KEEP_DAYS, nowMs, leastAssetDays);
  if (before === null) return nothing;
  const cursor = await readMark(session, "assets");
  const page = await env.MEDIA.list({
    prefix: "assets/",
    limit: assetsPerStep,
    ...(cursor ? { cursor } : {}),
  });
  const old = page.objects.filter(({ uploaded }) => uploaded.getTime() <= before).map(({ key }) => key);
  if (!dryRun && old.length > 0) await env.MEDIA.delete(old);
  if (!dryRun) await setMark(session, "assets", page.truncated ? page.cursor : "");
  return { count: old.length, isLast: !page.truncated };
}

const nothing: Step = { count: 0, isLast: true };

/** A film that waits for its owner must find its pictures, for a day after its last moment. */
const leastAssetDays = Math.ceil(approvalSeconds / 86_400) + 1;

/** The time before which data is removed; null if it is kept for ever. */
function cutOff(days: string | undefined, nowMs: number, leastDays = 0): number | null {
  const kept = Number(days ?? 0);
  return kept > 0 ? nowMs - Math.max(kept, leastDays) * dayMs : null;
}
