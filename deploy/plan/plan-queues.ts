import { type Blueprint, type ConsumerSettings, listQueues } from "../blueprint.ts";
import type { Found, FoundQueue } from "../found.ts";
import { type Step, step } from "./step.ts";

/**
 * Creates the queues and their pull consumers.
 *
 * @throws Error when a Worker consumes a queue that the pool has to pull
 */
export function planQueues({ queues, deadLetterQueue, consumer }: Blueprint, found: Found): Step[] {
  const steps: Step[] = [];
  const missing = listQueues({ queues, deadLetterQueue }).filter((name) => !found.queues.has(name));
  for (const [index, name] of missing.entries()) {
    const create = step(`Create the queue ${name}`, "wrangler", ["queues", "create", name]);
    steps.push(index === missing.length - 1 ? { ...create, yields: "queueIds" } : create);
  }
  for (const name of Object.values(queues)) {
    const there = found.queues.get(name)?.consumer ?? null;
    if (there && isSameConsumer(there, deadLetterQueue, consumer)) continue;
    if (there?.type === "worker")
      throw new Error(
        `A Worker consumes the queue ${name}, so nothing can be pulled from it. Detach it first.`,
      );
    // A consumer cannot be changed. Messages wait until the new one exists.
    if (there) {
      const args = ["queues", "consumer", "http", "remove", name];
      steps.push(step(`Remove the pull consumer of ${name}, which has other settings`, "wrangler", args));
    }
    steps.push(
      step(`Add the pull consumer of ${name}`, "wrangler", [
        ...["queues", "consumer", "http", "add", name],
        ...["--batch-size", String(consumer.batchSize), "--message-retries", String(consumer.maxRetries)],
        ...["--dead-letter-queue", deadLetterQueue],
        ...["--visibility-timeout-secs", String(consumer.visibilityTimeoutSeconds)],
        ...["--retry-delay-secs", String(consumer.retryDelaySeconds)],
      ]),
    );
  }
  return steps;
}

function isSameConsumer(
  there: NonNullable<FoundQueue["consumer"]>,
  deadLetterQueue: string,
  consumer: ConsumerSettings,
): boolean {
  const keys = Object.keys(consumer) as (keyof ConsumerSettings)[];
  return (
    there.type === "http_pull" &&
    there.deadLetterQueue === deadLetterQueue &&
    keys.every((key) => there.settings[key] === consumer[key])
  );
}
