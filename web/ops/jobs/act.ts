/** The operators' actions on jobs. Each asks for confirmation first and shows its result in a toast. */

import type { OpsJob } from "../../../contract/ops.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { confirmed } from "../../shared/confirm.ts";
import { cancelJob, redriveJobs, retryJob } from "../api.ts";
import { explain } from "../explain.ts";
import { plural } from "../format.ts";
import { pollNow } from "../poll.ts";
import { showToast } from "../toast.ts";

export type Act = "cancel" | "retry" | "redrive";

/** Whether the action has an effect on a job in this state. Of a dream's films only the newest is retried. */
export const suits: Record<Act, (job: Pick<OpsJob, "status" | "kind" | "replaced_by">) => boolean> = {
  cancel: ({ status }) => status === "queued" || status === "processing" || status === "waiting",
  retry: ({ status, kind, replaced_by }) =>
    (status === "failed" || status === "cancelled" || status === "expired") &&
    (kind ?? "film") === "film" &&
    !replaced_by,
  redrive: ({ status }) => status === "queued",
};

export const actNames: Record<Act, string> = { cancel: "Cancel", retry: "Retry", redrive: "Send again" };

const questions: Record<Act, (jobs: string, isOne: boolean) => { title: string; text: string; yes: string }> =
  {
    cancel: (jobs, isOne) => ({
      title: `Cancel ${jobs}?`,
      text: `${isOne ? "Its film" : "Their films"} will not be finished. Purchased parts are kept, and a retry uses them.`,
      yes: `Cancel ${jobs}`,
    }),
    retry: (jobs, isOne) => ({
      title: `Retry ${jobs}?`,
      text: `${isOne ? "A new job makes the same film" : "New jobs make the same films"}. Purchased parts are not bought again.`,
      yes: `Retry ${jobs}`,
    }),
    redrive: (jobs, isOne) => ({
      title: `Send ${jobs} again?`,
      text: `${isOne ? "The job gets a new message in its queue if it still waits" : "Each job that still waits gets a new message in its queue"}. An extra message does no harm.`,
      yes: `Send ${jobs} again`,
    }),
  };

/** Resolves to the ids of the resulting jobs; empty when the operator declines or nothing was done. */
export async function act(kind: Act, jobIds: readonly string[]): Promise<string[]> {
  const { title, text, yes } = questions[kind](plural(jobIds.length, "job"), jobIds.length === 1);
  if (!(await confirmed(title, text, yes))) return [];
  const { done, refused } = kind === "redrive" ? await redrive(jobIds) : await oneByOne(kind, jobIds);
  const [first] = refused;
  showToast(
    [results[kind](plural(done.length, "job")), first && `${refused.length} failed: ${first}`]
      .filter(Boolean)
      .join(" "),
    refused.length > 0,
  );
  pollNow();
  return done;
}

const results: Record<Act, (jobs: string) => string> = {
  cancel: (jobs) => `Cancelled ${jobs}.`,
  retry: (jobs) => `Retried ${jobs}.`,
  redrive: (jobs) => `Sent ${jobs} again.`,
};

interface Outcome {
  done: string[];
  refused: string[];
}

async function oneByOne(kind: "cancel" | "retry", jobIds: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  for (const id of jobIds) {
    try {
      const { job_id } = kind === "cancel" ? await cancelJob(id) : await retryJob(id);
      outcome.done.push(job_id);
    } catch (error) {
      outcome.refused.push(explain(error));
      if (error instanceof ApiProblem && error.code.startsWith("auth.")) break;
    }
  }
  return outcome;
}

/** Jobs in one call. @see OpsRedrive in contract/ops-acts.ts */
const maxPerCall = 100;

async function redrive(jobIds: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  for (let i = 0; i < jobIds.length; i += maxPerCall) {
    const ids = jobIds.slice(i, i + maxPerCall);
    try {
      const { redriven } = await redriveJobs({ job_ids: ids });
      outcome.done.push(...ids.slice(0, redriven));
      const idle = ids.length - redriven;
      for (let n = 0; n < idle; n++) outcome.refused.push("the job no longer waits.");
    } catch (error) {
      for (const _ of ids) outcome.refused.push(explain(error));
    }
  }
  return outcome;
}
