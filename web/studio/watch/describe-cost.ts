import type { FilmCost } from "../../../contract/cost.ts";
import type { FilmState } from "./film-state.ts";

/**
 * The film's cost as text, which says which part no AI provider has confirmed. `bill` is null until it is
 * loaded.
 */
export function describeCost(
  { jobId, costUsd }: Pick<FilmState, "jobId" | "costUsd">,
  bill: Pick<FilmCost, "job_id" | "total_usd" | "estimated_usd"> | null,
): string {
  if (bill === null || bill.job_id !== jobId) return dollars(costUsd);
  if (bill.estimated_usd === 0) return dollars(bill.total_usd);
  return `at most ${dollars(bill.total_usd)}, of which ${dollars(bill.estimated_usd)} is estimated`;
}

const dollars = (usd: number) => `$${usd.toFixed(3)}`;
