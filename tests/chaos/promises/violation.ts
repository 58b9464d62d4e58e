/** What the checks of all promises share. */
import { isTerminal, JobStatus } from "../../../contract/job.ts";
import { type Entry, entriesOf } from "../history.ts";

export interface Violation {
  rule: string;
  /** The job, asset or worker of the violation. */
  about: string;
  says: string;
}

export interface Limits {
  /** How long a job may be without a worker after its worker was killed. */
  recoveryMs: number;
  /** How long the owner's view of a running job may stay unchanged. */
  stuckMs: number;
  /** How long after an end the message may reach the owner's receiver. */
  webhookMs: number;
}

export const broken = (rule: string, about: string, says: string): Violation[] => [{ rule, about, says }];

export const ended = (status: string) => {
  const known = JobStatus.safeParse(status);
  return known.success && isTerminal(known.data);
};

export const jobsOf = (history: readonly Entry[]) => [
  ...new Set(
    entriesOf(history, "submit")
      .filter(({ outcome }) => outcome === "ok")
      .map(({ args }) => args.job),
  ),
];

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
