import type { Check } from "../check.ts";
import { fail, ok, skip } from "../finding.ts";
import type { QueryDatabase } from "../migrations.ts";

/**
 * No AI provider refuses all calls, so that no job is held. A database without the table is too old for
 * holds.
 */
export const checkHolds = (query: QueryDatabase): Check => ({
  name: "held jobs",
  async run() {
    const rows = await query(holdsQuery).catch(() => null);
    if (rows === null) return skip("the database has no table of holds, or does not answer");
    if (rows.length === 0) return ok("no AI provider holds jobs");
    return rows.map(({ capability, code, since, jobs }) =>
      fail(
        `The AI provider of ${capability} has refused every call since ${new Date(Number(since)).toISOString()} (${code}); ${jobs === 1 ? "1 job is" : `${jobs} jobs are`} held.`,
        `Repair the cause of ${code} (docs/runbook.md, "Failures by code"). The jobs go on by themselves; "Try now" in /ops does not wait.`,
      ),
    );
  },
});

/** A film with the dreamer's own voice buys none. */
const holdsQuery = [
  "SELECT capability, code, since, (SELECT COUNT(*) FROM jobs WHERE jobs.status = 'queued'",
  "AND jobs.kind = holds.kind AND jobs.is_waiting = 0",
  "AND NOT (capability = 'voice' AND jobs.input ->> '$.options.voice' IS 'own')) AS jobs",
  "FROM holds WHERE lifted_at IS NULL ORDER BY capability",
].join(" ");
