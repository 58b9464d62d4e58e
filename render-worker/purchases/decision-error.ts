import type { NewCharge } from "../../contract/charge-request.ts";
import { OverBudget, Rejected } from "../errors.ts";
import type { Decision } from "./ledger-client.ts";

/** The error for a decision that ends the purchase. The owner may ask for the film or transcription again. */
export function decisionError(
  { decision, exceededBudget }: Decision,
  capability: NewCharge["capability"],
): Rejected {
  const isTranscription = capability === "transcription";
  const again = isTranscription ? "Post the segment again" : "Ask for the film again";
  if (decision === "outcome_unknown")
    return new Rejected(
      "ai.outcome_unknown",
      `Two calls to an AI provider ended without a known result and may both have been charged. ${again} to make another call.`,
    );
  if (exceededBudget === "owner")
    return new OverBudget(
      "budget.owner_exceeded",
      `The day's budget is spent. ${again} when the next day's budget begins.`,
    );
  return new OverBudget(
    "budget.job_exceeded",
    isTranscription
      ? "The transcription would cost more than the service allows for a segment. Post a shorter segment."
      : "The film would cost more than its limit. Raise the limit or ask for a shorter film.",
  );
}
