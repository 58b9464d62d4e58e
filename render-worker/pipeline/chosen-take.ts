/** A job that shows another take buys nothing, so the ledger refuses what is not found as over its budget. */
import type { ClaimedJob } from "../../contract/claim.ts";
import { OverBudget, Rejected } from "../errors.ts";

type Job = Pick<ClaimedJob, "chosen">;

/** Whether a picture or voice was not found, in a job that may buy none. */
export const isMissing = (error: unknown, { chosen }: Job): boolean =>
  chosen !== undefined && error instanceof OverBudget;

/** The error as the owner reads it: it names what is missing, not a budget. */
export const explainMissing = (error: unknown, job: Job): unknown =>
  isMissing(error, job)
    ? new Rejected(
        "take.gone",
        "A picture or voice of the film is not kept any more, or the AI model has changed. Redo the scene instead.",
        { cause: error },
      )
    : error;
