import type { WaitingStoryboard } from "../../../contract/approval.ts";

const usd = (amount: number) => (amount > 0 && amount < 0.005 ? "less than $0.01" : `$${amount.toFixed(2)}`);

/** What the film will cost, and what it has cost so far. */
export function describePrices({ spent_usd, expected_usd, at_most_usd }: WaitingStoryboard["price"]): string {
  const expected = expected_usd < 0.005 ? usd(expected_usd) : `about ${usd(expected_usd)}`;
  return `Making it costs ${expected}, at most ${usd(at_most_usd)}. Spent so far: ${usd(spent_usd)}.`;
}

/** What the owner sees, and what is bought already. */
export function describeLead({
  at,
  own_voice,
  refused,
}: Pick<WaitingStoryboard, "at" | "own_voice" | "refused">): string {
  if (refused) return "The AI providers refuse a sentence below. Change it, and make the film then.";
  const bought =
    at === "pictures"
      ? "Its pictures are bought, and nothing else."
      : "Nothing but the storyboard is bought yet.";
  // An older edge does not say whose voice it is.
  const voice = own_voice
    ? " Your recording tells it: you can remove and merge scenes. To tell it in other words, record it again."
    : "";
  return `This is what the film will tell and show. ${bought}${voice}`;
}

/** Until when the film waits, in the reader's own time. */
export const describeEnd = (expiresAt: string): string =>
  `It waits until ${new Date(expiresAt).toLocaleString("en", { dateStyle: "long", timeStyle: "short" })}. After that it is not made.`;
