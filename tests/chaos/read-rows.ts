/** Reads a stopped edge's rows from disk, without any cache. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { History, Op } from "./history.ts";

/** Adds a `final` for every job, every job that waited for its owner, every remaining row of the
 * outbox, the ledger and its budgets. */
export async function readRows(stateDir: string, history: History): Promise<void> {
  const database = new DatabaseSync(await findDatabase(stateDir), { readOnly: true });
  try {
    const jobs = database
      .prepare(
        `SELECT id, status, attempt, failed_attempts AS failedAttempts,
          (SELECT count(*) FROM events WHERE job_id = jobs.id
            AND type IN ('job.completed', 'job.failed', 'job.cancelled', 'job.expired')) AS ends,
          (SELECT data ->> '$.code' FROM events WHERE job_id = jobs.id AND type = 'job.failed') AS code
        FROM jobs`,
      )
      .all() as (Omit<(Op & { op: "final" })["args"], "job"> & { id: string })[];
    for (const { id, ...rest } of jobs) history.add("edge", { op: "final", args: { job: id, ...rest } });
    const waited = database
      .prepare(
        `SELECT job_id AS job, COUNT(*) FILTER (WHERE type = 'job.waiting') AS waits,
          COUNT(*) FILTER (WHERE type = 'job.approved') AS approvals,
          (SELECT COUNT(*) FROM charges WHERE job_id = events.job_id
            AND created_at > MIN(at) FILTER (WHERE type = 'job.waiting')
            AND created_at < IFNULL(MAX(at) FILTER (WHERE type = 'job.approved'), 9e15)) AS chargesBetween
        FROM events WHERE type IN ('job.waiting', 'job.approved') GROUP BY job_id`,
      )
      .all() as (Op & { op: "waited" })["args"][];
    for (const args of waited) history.add("edge", { op: "waited", args });
    const promises = database.prepare("SELECT job_id FROM outbox").all() as { job_id: string }[];
    for (const { job_id } of promises) history.add("edge", { op: "promise-left", args: { job: job_id } });
    const charges = database
      .prepare(
        "SELECT job_id AS job, owner_id || ' ' || fingerprint AS fingerprint, capability, state, counted_micro_usd AS microUsd FROM charges",
      )
      .all() as (Op & { op: "charge" })["args"][];
    for (const args of charges) history.add("edge", { op: "charge", args });
    const budgets = database
      .prepare(
        `SELECT id AS about, CAST(ROUND((input ->> '$.options.max_cost_usd') * 1000000) AS INTEGER) AS "limit",
          (SELECT COALESCE(SUM(counted_micro_usd), 0) FROM charges WHERE job_id = jobs.id) AS spent
        FROM jobs WHERE input ->> '$.options.max_cost_usd' IS NOT NULL
        UNION ALL
        SELECT owner_id || ' on day ' || day, daily_micro_usd, SUM(counted_micro_usd)
        FROM charges JOIN budgets USING (owner_id) GROUP BY owner_id, day`,
      )
      .all() as (Op & { op: "budget" })["args"][];
    for (const args of budgets) history.add("edge", { op: "budget", args });
  } finally {
    database.close();
  }
}

/** Adds the provider's own bill. */
export function readBill(billed: readonly { capability: string }[], history: History): void {
  for (const capability of ["text", "picture", "voice"]) {
    const count = billed.filter((call) => call.capability === capability).length;
    history.add("provider", { op: "bill", args: { capability, count } });
  }
}

/** The file of a local D1. @throws Error if there is none */
export async function findDatabase(stateDir: string): Promise<string> {
  const files = await readdir(join(stateDir, "edge"), { recursive: true });
  for (const file of files.filter((name) => name.includes("D1") && name.endsWith(".sqlite"))) {
    const path = join(stateDir, "edge", file);
    const database = new DatabaseSync(path, { readOnly: true });
    const [table] = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").all();
    database.close();
    if (table) return path;
  }
  throw new Error(`no database under ${stateDir}`);
}
