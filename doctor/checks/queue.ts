import Cloudflare from "cloudflare";
import { z } from "zod";
import type { Config } from "../../render-worker/runtime/config.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;

/** What Cloudflare tells about a queue, as far as a worker depends on it. */
const Queue = z.object({
  queue_name: z.string(),
  consumers: z.array(z.object({ type: z.string().optional(), dead_letter_queue: z.string().optional() })),
});

/** Both queues can be asked with the worker's token and are pulled over HTTP. Takes no message. */
export function checkQueues({ accountId, apiToken, baseUrl, ...ids }: Config["queue"]): Check {
  const { queues } = new Cloudflare({
    apiToken,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: "off",
  });
  const look = async (variable: string, id: string): Promise<Outcome[]> => {
    try {
      const queue = Queue.parse(await queues.get(id, { account_id: accountId }));
      const metrics = await queues.getMetrics(id, { account_id: accountId });
      return judge(queue, metrics.backlog_count ?? 0);
    } catch (error) {
      return [refusal(variable, error)];
    }
  };
  return {
    name: "queues",
    async run() {
      const outcomes = await Promise.all([
        look("QUEUE_PREMIUM_ID", ids.premiumId),
        look("QUEUE_STANDARD_ID", ids.standardId),
      ]);
      // What is wrong with the token is wrong for both.
      return [...new Map(outcomes.flat().map((outcome) => [outcome.said, outcome])).values()];
    },
  };
}

function judge({ queue_name: name, consumers }: z.infer<typeof Queue>, waiting: number): Outcome[] {
  const [consumer] = consumers;
  const attach = `wrangler queues consumer http add ${name} --dead-letter-queue video-dead (npm run deploy does it)`;
  if (!consumer) return [fail(`${name} has no pull consumer: its messages reach nobody.`, attach)];
  if (consumer.type !== "http_pull")
    return [
      fail(
        `${name} is consumed by a Worker, so nothing can be pulled.`,
        `Detach that Worker, then: ${attach}`,
      ),
    ];
  const outcomes = [ok(`${name} answers, is pulled over HTTP and holds ${waiting} messages`)];
  if (!consumer.dead_letter_queue)
    outcomes.push(
      warn(`${name} has no dead-letter queue: a message that ran out of tries vanishes.`, attach),
    );
  return outcomes;
}

function refusal(variable: string, error: unknown): Outcome {
  const status = error instanceof Cloudflare.APIError ? error.status : undefined;
  if (status === 401 || status === 403)
    return fail(
      "Cloudflare refuses the queues' token.",
      "Set CLOUDFLARE_API_TOKEN to one of the account in CLOUDFLARE_ACCOUNT_ID that may edit Queues.",
    );
  if (status === 404 || status === 400)
    return fail(
      `There is no queue of the id in ${variable}.`,
      `Set ${variable}; \`wrangler queues list\` shows the ids.`,
    );
  return fail(
    `The queues' API does not answer: ${describe(error)}`,
    "Is CLOUDFLARE_API_BASE_URL right, the net there?",
  );
}
