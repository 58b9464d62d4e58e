import { sql } from "drizzle-orm";
import { firstOf, type Session } from "./open.ts";

/**
 * An owner's own daily budget, if set, and what was spent or reserved today (UTC), in millionths of a dollar.
 */
export interface OwnerBudget {
  daily: number | null;
  spent: number;
}

/** The owner's budget and spending at `nowMs`. */
export async function readBudget(session: Session, ownerId: string, nowMs: number): Promise<OwnerBudget> {
  return firstOf(await session.run(budgetOf(ownerId, nowMs)));
}

/** Sets the owner's daily budget; null: the service's default applies again. */
export async function setBudget(
  session: Session,
  ownerId: string,
  dailyMicroUsd: number | null,
  nowMs: number,
): Promise<OwnerBudget> {
  const { budget } = await session.batch({
    change:
      dailyMicroUsd === null
        ? sql`DELETE FROM budgets WHERE owner_id = ${ownerId}`
        : sql`
        INSERT INTO budgets (owner_id, daily_micro_usd, updated_at) VALUES (${ownerId}, ${dailyMicroUsd}, ${nowMs})
        ON CONFLICT DO UPDATE SET daily_micro_usd = ${dailyMicroUsd}, updated_at = ${nowMs}`,
    budget: budgetOf(ownerId, nowMs),
  });
  return firstOf(budget);
}

const budgetOf = (ownerId: string, nowMs: number) => sql<OwnerBudget>`
  SELECT (SELECT daily_micro_usd FROM budgets WHERE owner_id = ${ownerId}) AS daily,
    (SELECT COALESCE(SUM(counted_micro_usd), 0) FROM charges
      WHERE owner_id = ${ownerId} AND day = ${Math.floor(nowMs / (24 * 3600_000))}) AS spent`;
