import { join } from "node:path";
import { localAccountId, localQueues } from "../../simulators/queue/catalogue.ts";
import type { Cloud } from "./cloud.ts";

/** The environment of a worker of this cloud. The caller adds the AI provider and the slots. */
export function workerEnvironment(cloud: Cloud, name: string) {
  return {
    PORT: "0",
    EDGE_URL: cloud.edgeUrl,
    CALLBACK_SECRET: cloud.secrets.callback,
    CLOUDFLARE_ACCOUNT_ID: localAccountId,
    CLOUDFLARE_API_TOKEN: cloud.secrets.queueToken,
    CLOUDFLARE_API_BASE_URL: `${cloud.queueUrl}/client/v4`,
    QUEUE_STANDARD_ID: localQueues.standard.id,
    QUEUE_PREMIUM_ID: localQueues.premium.id,
    S3_ENDPOINT: `${cloud.edgeUrl}/cdn-cgi/local/r2/s3`,
    S3_ACCESS_KEY_ID: "local",
    S3_SECRET_ACCESS_KEY: "local-secret",
    SCRATCH_DIR: join(cloud.logDir, "..", "scratch", name),
  };
}
