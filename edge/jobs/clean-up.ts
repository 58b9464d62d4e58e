/**
 * Removes what nobody needs any more: files of losing attempts, and, where the operator says for how long they are kept,
 * films, logs and assets. Every step is bounded, may be repeated and be cut off anywhere. Unfinished multipart uploads
 * are the bucket's own business: a lifecycle rule aborts them after a day (deploy/blueprint.ts), and R2's binding
 * can not list them.
 */
import type { CleanupReport } from "../../contract/ops.ts";
import { jobPrefix } from "../../contract/storage.ts";
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
import { addToCounter } from "../store/figures.ts";
import type { Session } from "../store/open.ts";
import { forgetPurges, readDuePurges, readOrphansOfJobs } from "../store/purges.ts";
import { purgeAssets } from "./purge-assets.ts";
import { purgeFiles } from "./purge-files.ts";

/** Of each kind in one run: a listing or a delete takes R2 some 50 ms, and a run shall end within half a minute. */
const jobsPerRun = 50;
const logsPerRun = 200;
/** @source R2: a call lists or deletes at most 1,000 keys */
const assetsPerRun = 1_000;
const dayMs = 24 * 3600_000;

export async function cleanUp(
  env: Env,
  session: Session,
  nowMs: number,
  dryRun: boolean,
): Promise<CleanupReport> {
  const removed = {
    attempt_files: await removeAttempts(env, session, nowMs, dryRun),
    films: await removeFilms(env, session, nowMs, dryRun),
    logs: await removeLogs(env, session, nowMs, dryRun),
    assets: await removeAssets(env, session, nowMs, dryRun),
    // The sweep removes these each minute; a dry run says what is left for it.
    ...(dryRun ? await countExpired(session, nowMs) : {}),
  };
  const counts = Object.entries(removed).filter(([, count]) => count > 0);
  if (!dryRun && counts.length > 0)
    await session.batch(counts.map(([kind, count]) => addToCounter("cleanup", kind, count)));
  const hasMore =
    removed.attempt_files >= jobsPerRun ||
    removed.films >= jobsPerRun ||
    removed.logs >= logsPerRun ||
    removed.assets >= assetsPerRun;
  return { dry_run: dryRun, removed, has_more: hasMore };
}

/** Those of deleted dreams, of jobs without a film, and of attempts that lost. */
export async function removeAttempts(
  env: Env,
  session: Session,
  nowMs: number,
  dryRun: boolean,
): Promise<number> {
  const due = await readDuePurges(session, nowMs, jobsPerRun);
  if (dryRun || due.length === 0) return due.length;
  for (const { dream_id, job_id, keep_attempt } of due) {
    const prefix = jobPrefix(dream_id, job_id);
    await purgeFiles(env.MEDIA, prefix, keep_attempt === null ? null : `${prefix}${keep_attempt}/`);
  }
  await purgeAssets(env.MEDIA, await readOrphansOfJobs(session, due));
  await forgetPurges(session, due);
  return due.length;
}

async function removeFilms(env: Env, session: Session, nowMs: number, dryRun: boolean): Promise<number> {
  const before = cutOff(env.FILM_KEEP_DAYS, nowMs);
  if (before === null) return 0;
  const films = await findOldFilms(session, before, jobsPerRun);
  if (dryRun || films.length === 0) return films.length;
  // Nobody shall be sent to a file that is gone, so the rows change first. The files go by the notes that they leave.
  await dropFilms(session, films, nowMs);
  return films.length;
}

async function removeLogs(env: Env, session: Session, nowMs: number, dryRun: boolean): Promise<number> {
  const before = cutOff(env.LOG_KEEP_DAYS, nowMs);
  if (before === null) return 0;
  const jobs = await findOldLogs(session, before, logsPerRun);
  if (dryRun || jobs.length === 0) return jobs.length;
  await dropLogs(session, jobs);
  return jobs.length;
}

/** By when they were bought, since R2 does not say when they were last used: one that is needed again is bought again. */
async function removeAssets(env: Env, session: Session, nowMs: number, dryRun: boolean): Promise<number> {
  const before = cutOff(env.ASSET_KEEP_DAYS, nowMs);
  if (before === null) return 0;
  const cursor = await readMark(session, "assets");
  const page = await env.MEDIA.list({
    prefix: "assets/",
    limit: assetsPerRun,
    ...(cursor ? { cursor } : {}),
  });
  const old = page.objects.filter(({ uploaded }) => uploaded.getTime() <= before).map(({ key }) => key);
  if (dryRun) return old.length;
  if (old.length > 0) await env.MEDIA.delete(old);
  await setMark(session, "assets", page.truncated ? page.cursor : "");
  return old.length;
}

/** Null: kept for ever. */
function cutOff(days: string | undefined, nowMs: number): number | null {
  const kept = Number(days ?? 0);
  return kept > 0 ? nowMs - kept * dayMs : null;
}
