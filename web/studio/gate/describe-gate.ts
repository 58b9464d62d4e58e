import type { WaitingStoryboard } from "../../../contract/approval.ts";

const usd = (amount: number) => (amount > 0 && amount < 0.005 ? "less than $0.01" : `$${amount.toFixed(2)}`);

/** What the film will cost, and what it has cost so far. */
export function describePrices({ spent_usd, expected_usd, at_most_usd }: WaitingStoryboard["price"]): string {
  const expected = expected_usd < 0.005 ? usd(expected_usd) : `about ${usd(expected_usd)}`;
  return `Making it costs ${expected}, at most ${usd(at_most_usd)}. Spent so far: ${usd(spent_usd)}.`;
}

/** Until when the film waits, in the reader's own time. */
export const describeEnd = (expiresAt: string): string =>
  `It waits until ${new Date(expiresAt).toLocaleString("en", { dateStyle: "long", timeStyle: "short" })}. After that it is not made.`;
