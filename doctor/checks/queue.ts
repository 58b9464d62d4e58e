import Cloudflare from "cloudflare";
import { z } from "zod";
import type { Config } from "../../render-worker/runtime/config.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;

/** The part of Cloudflare's description of a queue that matters here. */
const Queue = z.object({
  queue_name: z.string(),
  consumers: z.array(z.object({ type: z.string().optional(), dead_letter_queue: z.string().optional() })),
});

/** The worker's token can read both queues, and both have a pull consumer. Pulls no message. */
export function checkQueues({ accountId, apiToken, baseUrl, ...ids }: Config["queue"]): Check {
  const { queues } = new Cloudflare({
    apiToken,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: "off",
  });
  const checkQueue = async (variable: string, id: string): Promise<Outcome[]> => {
    try {
      const queue = Queue.parse(await queues.get(id, { account_id: accountId }));
      const metrics = await queues.getMetrics(id, { account_id: accountId });
      return checkConsumer(queue, metrics.backlog_count ?? 0);
    } catch (error) {
      return [describeFailure(variable, error)];
    }
  };
  return {
    name: "queues",
    async run() {
      const outcomes = await Promise.all([
        checkQueue("QUEUE_PREMIUM_ID", ids.premiumId),
        checkQueue("QUEUE_STANDARD_ID", ids.standardId),
      ]);
      // A fault of the token appears for both queues.
      return [...new Map(outcomes.flat().map((outcome) => [outcome.message, outcome])).values()];
    },
  };
}

function checkConsumer({ queue_name: name, consumers }: z.infer<typeof Queue>, waiting: number): Outcome[] {
  const [consumer] = consumers;
  const attach = `wrangler queues consumer http add ${name} --dead-letter-queue video-dead (npm run deploy does it)`;
  if (!consumer) return [fail(`${name} has no pull consumer, so no worker gets its messages.`, attach)];
  if (consumer.type !== "http_pull")
    return [
      fail(
        `${name} is consumed by a Worker, so nothing can be pulled.`,
        `Detach that Worker, then: ${attach}`,
      ),
    ];
  const outcomes = [ok(`${name} answers, has a pull consumer and ${waiting} messages`)];
  if (!consumer.dead_letter_queue)
    outcomes.push(warn(`${name} has no dead-letter queue: a message without tries left is lost.`, attach));
  return outcomes;
}

function describeFailure(variable: string, error: unknown): Outcome {
  const status = error instanceof Cloudflare.APIError ? error.status : undefined;
  if (status === 401 || status === 403)
    return fail(
      "Cloudflare refuses the queues' token.",
      "Set CLOUDFLARE_API_TOKEN to a token of the account CLOUDFLARE_ACCOUNT_ID with the permission Queues: Edit.",
    );
  if (status === 404 || status === 400)
    return fail(
      `There is no queue with the id in ${variable}.`,
      `Set ${variable}; \`wrangler queues list\` shows the ids.`,
    );
  return fail(
    `The queues' API does not answer: ${describe(error)}`,
    "Check CLOUDFLARE_API_BASE_URL and the network.",
  );
}
