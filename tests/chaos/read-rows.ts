/** Reads what a stopped edge has on disk: its own rows, past every cache and every answer. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { History } from "./history.ts";

/** Adds a `final` for every job, and every promise of a message that was not kept. */
export async function readRows(stateDir: string, history: History): Promise<void> {
  const database = new DatabaseSync(await findDatabase(stateDir), { readOnly: true });
  try {
    const jobs = database
      .prepare(
        `SELECT id, status, attempt, failed_attempts AS failedAttempts,
          (SELECT count(*) FROM events WHERE job_id = jobs.id
            AND type IN ('job.completed', 'job.failed', 'job.cancelled')) AS ends
        FROM jobs`,
      )
      .all() as { id: string; status: string; attempt: number; failedAttempts: number; ends: number }[];
    for (const { id, ...rest } of jobs) history.add("edge", { op: "final", args: { job: id, ...rest } });
    const promises = database.prepare("SELECT job_id FROM outbox").all() as { job_id: string }[];
    for (const { job_id } of promises) history.add("edge", { op: "promise-left", args: { job: job_id } });
  } finally {
    database.close();
  }
}

async function findDatabase(stateDir: string): Promise<string> {
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
