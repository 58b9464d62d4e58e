/** What operators do to jobs. Each asks first and says how many jobs it touches, and afterwards what came of it. */

import type { OpsJob } from "../../../contract/ops.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { confirmed } from "../../shared/confirm.ts";
import { cancelJob, redriveJobs, retryJob } from "../api.ts";
import { explain } from "../explain.ts";
import { plural } from "../format.ts";
import { nudge } from "../keep-up.ts";
import { tell } from "../told.ts";

export type Act = "cancel" | "retry" | "redrive";

/** Whether the act does anything to a job in this state. */
export const suits: Record<Act, (job: Pick<OpsJob, "status">) => boolean> = {
  cancel: ({ status }) => status === "queued" || status === "processing",
  retry: ({ status }) => status === "failed" || status === "cancelled",
  redrive: ({ status }) => status === "queued",
};

export const actNames: Record<Act, string> = { cancel: "Cancel", retry: "Retry", redrive: "Send again" };

const questions: Record<Act, (jobs: string, isOne: boolean) => { title: string; text: string; yes: string }> =
  {
    cancel: (jobs, isOne) => ({
      title: `Cancel ${jobs}?`,
      text: `${isOne ? "Its film is" : "Their films are"} not made, or not to the end. What was bought is kept, and a retry starts from it.`,
      yes: `Cancel ${jobs}`,
    }),
    retry: (jobs, isOne) => ({
      title: `Retry ${jobs}?`,
      text: `${isOne ? "A new job asks for the same film" : "New jobs ask for the same films"}. What was bought before is not bought again.`,
      yes: `Retry ${jobs}`,
    }),
    redrive: (jobs, isOne) => ({
      title: `Send ${jobs} again?`,
      text: `${isOne ? "It gets a new message" : "They get new messages"} in the queue, if still waiting. One message too many changes nothing.`,
      yes: `Send ${jobs} again`,
    }),
  };

/** Resolves to the ids that came of it; empty where the person thought better of it or nothing was done. */
export async function act(kind: Act, jobIds: readonly string[]): Promise<string[]> {
  const { title, text, yes } = questions[kind](plural(jobIds.length, "job"), jobIds.length === 1);
  if (!(await confirmed(title, text, yes))) return [];
  const { done, refused } = kind === "redrive" ? await redrive(jobIds) : await oneByOne(kind, jobIds);
  const [first] = refused;
  tell(
    [`${past[kind]} ${plural(done.length, "job")}.`, first && `${refused.length} not: ${first}`]
      .filter(Boolean)
      .join(" "),
    refused.length > 0,
  );
  nudge();
  return done;
}

const past: Record<Act, string> = { cancel: "Cancelled", retry: "Retried", redrive: "Sent again" };

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

/** As many as one call takes. */
const atOnce = 100;

async function redrive(jobIds: readonly string[]): Promise<Outcome> {
  const outcome: Outcome = { done: [], refused: [] };
  for (let i = 0; i < jobIds.length; i += atOnce) {
    const ids = jobIds.slice(i, i + atOnce);
    try {
      const { redriven } = await redriveJobs({ job_ids: ids });
      outcome.done.push(...ids.slice(0, redriven));
      const idle = ids.length - redriven;
      for (let n = 0; n < idle; n++) outcome.refused.push("no longer waiting.");
    } catch (error) {
      for (const _ of ids) outcome.refused.push(explain(error));
    }
  }
  return outcome;
}
