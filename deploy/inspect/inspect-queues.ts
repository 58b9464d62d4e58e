import { z } from "zod";
import { type Blueprint, listQueues } from "../blueprint.ts";
import type { FoundQueue } from "../found.ts";
import type { RunTool } from "../tools.ts";

const Consumer = z.object({
  type: z.string(),
  dead_letter_queue: z.string().nullish(),
  settings: z.object({
    batch_size: z.number().nullish(),
    max_retries: z.number().nullish(),
    visibility_timeout_ms: z.number().nullish(),
    retry_delay: z.number().nullish(),
  }),
});

/** The queues of the blueprint that exist, by name, with their consumers. */
export async function inspectQueues(blueprint: Blueprint, run: RunTool): Promise<Map<string, FoundQueue>> {
  const ids = await listQueueIds(run);
  const look = async (name: string): Promise<[string, FoundQueue][]> => {
    const id = ids.get(name);
    if (!id) return [];
    const text = await run({ tool: "wrangler", args: ["queues", "consumer", "list", name, "--json"] });
    const [consumer] = z.array(Consumer).parse(JSON.parse(text));
    return [[name, { id, consumer: consumer ? readConsumer(consumer) : null }]];
  };
  return new Map((await Promise.all(listQueues(blueprint).map(look))).flat());
}

/** The ids of the account's queues, by name. */
export const listQueueIds = async (run: RunTool) =>
  readQueueIds(await run({ tool: "wrangler", args: ["queues", "list"] }));

/** `wrangler queues list` prints a table: the id in the first column, the name in the second. */
const readQueueIds = (table: string) =>
  new Map(
    [...table.matchAll(/│ ([0-9a-f]{32}) +│ (\S+) +│/g)].map(([, id, name]) => [
      name as string,
      id as string,
    ]),
  );

const readConsumer = ({
  type,
  settings,
  dead_letter_queue,
}: z.infer<typeof Consumer>): FoundQueue["consumer"] => ({
  type,
  deadLetterQueue: dead_letter_queue || null,
  settings: {
    batchSize: settings.batch_size ?? 0,
    maxRetries: settings.max_retries ?? 0,
    visibilityTimeoutSeconds: (settings.visibility_timeout_ms ?? 0) / 1000,
    retryDelaySeconds: settings.retry_delay ?? 0,
  },
});
