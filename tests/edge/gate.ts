/** Films that wait for their owner's approval, for tests. */
import type { KeptStoryboard, WaitingStoryboard } from "../../contract/approval.ts";
import { aStoryboard, type Edge, type Job, type OrProblem } from "./harness.ts";

/** What the owner of `key` does at the gate. */
export function gateOf(edge: Edge, key: string) {
  return {
    /** A job whose worker has paused it. */
    async waiting(options: object = {}, storyboard: KeptStoryboard = aStoryboard): Promise<Job> {
      const job = await edge.newJob(key, { pause_after: "storyboard", ...options });
      await edge.claim(job);
      const events = [{ n: 1, event: { type: "job.storyboard" as const, data: storyboard } }];
      await edge.progress(job, 1, { stage: "storyboard", progress: 5, cost_usd: 0.001, events });
      const paused = await edge.pause(job, 1, { storyboard });
      if (paused.status !== 200) throw new Error(`pause: ${paused.text}`);
      return job;
    },

    /** The worker's report that providers refuse these words. */
    refuse: (job: Job, attempt: number, text: string) => edge.pause(job, attempt, { refused: { text } }),

    read: (job: Job) =>
      edge.call<OrProblem<WaitingStoryboard>>("GET", `/dreams/${job.did}/storyboard`, { key }),

    edit: (job: Job, revision: number | string | null, change: object = {}) =>
      edge.call<OrProblem<WaitingStoryboard>>("PUT", `/dreams/${job.did}/storyboard`, {
        key,
        body: { title: aStoryboard.title, scenes: aStoryboard.scenes, ...change },
        headers:
          revision === null ? {} : { "if-match": typeof revision === "number" ? `"${revision}"` : revision },
      }),
  };
}
