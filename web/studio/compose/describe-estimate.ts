import type { Estimate } from "../../../contract/cost.ts";
import { describeShortening } from "../../../contract/shortening.ts";
import { inUnits } from "../watch/describe-progress.ts";

/**
 * The price and the length as one sentence, and what of the dream the film has no time for. An older edge
 * leaves `fills_length` and `shortening` out.
 */
export function describeEstimate(
  { cost_usd, seconds, fills_length, shortening }: Pick<Estimate, "cost_usd" | "seconds"> & Partial<Estimate>,
  askedSeconds: number,
): string {
  const price = `about $${cost_usd.toFixed(2)} for ${inUnits(Math.round(seconds))}`;
  if (shortening) return `${price}. ${describeShortening(shortening, askedSeconds)}`;
  return fills_length === false ? `${price}: too few words for ${inUnits(askedSeconds)}` : price;
}
