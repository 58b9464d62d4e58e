import { CodedError, OverBudget, Poison } from "../errors.ts";

/**
 * Why a placeholder replaces a picture that cannot be bought; null if the film must stop. While the provider
 * is away the job waits for it: only if it serves other pictures, the failure belongs to this one.
 */
export function placeholderReason(
  error: unknown,
  { isAway, onBudget }: { isAway: boolean; onBudget: "fail" | "degrade" },
): { code: string; reason: string } | null {
  if (error instanceof OverBudget)
    return onBudget === "degrade"
      ? { code: "picture.over_budget", reason: "the budget does not suffice for its picture." }
      : null;
  // The decoder refused the picture; the provider is not at fault.
  if (error instanceof Poison && error.aiFault === null)
    return { code: "picture.unusable", reason: "the provider's picture could not be decoded." };
  if (!(error instanceof CodedError)) return null;
  const { aiFault } = error;
  if (aiFault === "refused" || aiFault === "bad_request")
    return { code: "picture.refused", reason: "the provider refused its picture." };
  if ((aiFault === "unavailable" || aiFault === "unreadable") && !isAway)
    return { code: "picture.failed", reason: "the provider failed several times." };
  return null;
}
