/**
 * Runs the suite always against simulators/queue, and also against Cloudflare if these are set:
 * QUEUE_CONFORMANCE_ACCOUNT_ID, QUEUE_CONFORMANCE_API_TOKEN (Queues: edit), QUEUE_CONFORMANCE_QUEUE_ID and
 * QUEUE_CONFORMANCE_DEAD_QUEUE_ID: two queues that are purged by it, made with
 *
 * wrangler queues create conformance-dead && wrangler queues consumer http add conformance-dead wrangler
 * queues create conformance wrangler queues consumer http add conformance --message-retries 1
 * --dead-letter-queue conformance-dead
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "vitest";
import { localAccountId } from "../../simulators/queue/catalogue.ts";
import { describeQueueApi } from "./conformance.ts";
import { startLocalQueue } from "./start-local-queue.ts";

const queueId = "c04f0000000000000000000000000001";
const deadQueueId = "c04f000000000000000000000000dead";

describeQueueApi("a laptop", async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), "queue-conformance-"));
  const local = await startLocalQueue(stateFolder, [
    { id: queueId, name: "conformance", maxRetries: 1, deadLetterQueue: "conformance-dead" },
    { id: deadQueueId, name: "conformance-dead" },
  ]);
  return {
    baseUrl: `${local.url}/client/v4`,
    apiToken: local.apiToken,
    accountId: localAccountId,
    queueId,
    deadQueueId,
    close: async () => {
      await local.close();
      await rm(stateFolder, { recursive: true });
    },
  };
});

const {
  QUEUE_CONFORMANCE_ACCOUNT_ID: accountId,
  QUEUE_CONFORMANCE_API_TOKEN: apiToken,
  QUEUE_CONFORMANCE_QUEUE_ID: remoteId,
  QUEUE_CONFORMANCE_DEAD_QUEUE_ID: remoteDeadId,
} = process.env;

if (accountId && apiToken && remoteId && remoteDeadId) {
  describeQueueApi("Cloudflare", async () => ({
    baseUrl: "https://api.cloudflare.com/client/v4",
    apiToken,
    accountId,
    queueId: remoteId,
    deadQueueId: remoteDeadId,
    close: async () => {},
  }));
} else {
  it.skip("queue API of Cloudflare: no account was given");
}
