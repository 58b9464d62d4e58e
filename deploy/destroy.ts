/** The steps that remove a deployment. Pure. */
import { type Blueprint, listQueues } from "./blueprint.ts";
import type { Found } from "./found.ts";
import { emptyingRule } from "./plan/plan-stores.ts";
import type { Step } from "./plan/step.ts";

/**
 * The machines go first, so that none works on data that disappears. The Worker goes before its queues, which
 * cannot be deleted while a Worker sends to them. Data goes last. Cloudflare deletes only empty buckets, so a
 * bucket with objects first gets a rule that empties it.
 */
export function planDestroy(
  blueprint: Blueprint,
  found: Found,
  appName: string,
  data: "keep" | { bucketIsEmpty: boolean },
): Step[] {
  const step = (what: string, tool: "wrangler" | "flyctl", ...args: string[]): Step => ({
    what,
    command: () => ({ tool, args }),
  });
  const steps: Step[] = [];
  if (found.app)
    steps.push(step(`Destroy the Fly app ${appName}`, "flyctl", "apps", "destroy", appName, "--yes"));
  const { deadLetterQueue, worker } = blueprint;
  if (found.queues.get(deadLetterQueue)?.consumer?.type === "worker")
    steps.push(
      step(
        `Detach ${worker} from ${deadLetterQueue}`,
        "wrangler",
        ...["queues", "consumer", "worker", "remove", deadLetterQueue, worker],
      ),
    );
  if (found.worker) steps.push(step(`Delete the Worker ${worker}`, "wrangler", "delete", worker, "--force"));
  for (const name of listQueues(blueprint).reverse()) {
    const queue = found.queues.get(name);
    if (queue?.consumer?.type === "http_pull")
      steps.push(
        step(`Detach the consumer of ${name}`, "wrangler", "queues", "consumer", "http", "remove", name),
      );
    if (queue) steps.push(step(`Delete the queue ${name}`, "wrangler", "queues", "delete", name));
  }
  if (data === "keep") return steps;
  if (found.database)
    steps.push(
      step(
        `Delete the database ${blueprint.database}`,
        "wrangler",
        "d1",
        "delete",
        blueprint.database,
        "--skip-confirmation",
      ),
    );
  if (found.bucket) steps.push(data.bucketIsEmpty ? deleteBucket(blueprint) : emptyBucket(blueprint));
  return steps;
}

const deleteBucket = ({ bucket }: Blueprint): Step => ({
  what: `Delete the bucket ${bucket}`,
  command: () => ({ tool: "wrangler", args: ["r2", "bucket", "delete", bucket] }),
});

const emptyBucket = ({ bucket }: Blueprint): Step => ({
  what: `Empty the bucket ${bucket} by a lifecycle rule: run it again in two days to delete it`,
  command: () => ({
    tool: "wrangler",
    args: ["r2", "bucket", "lifecycle", "add", bucket, emptyingRule, "--expire-days", "1", "--force"],
  }),
});
