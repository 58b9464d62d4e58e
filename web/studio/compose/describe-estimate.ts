import type { Estimate } from "../../../contract/cost.ts";
import { inUnits } from "../watch/describe-progress.ts";

/** The price and the length as one sentence. An edge that is older than `fills_length` leaves it out. */
export function describeEstimate(
  { cost_usd, seconds, fills_length }: Pick<Estimate, "cost_usd" | "seconds"> & Partial<Estimate>,
  askedSeconds: number,
): string {
  const price = `about $${cost_usd.toFixed(2)} for ${inUnits(Math.round(seconds))}`;
  return fills_length === false ? `${price}: too few words for ${inUnits(askedSeconds)}` : price;
}
