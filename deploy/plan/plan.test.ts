import { describe, expect, it } from "vitest";
import type { Blueprint } from "../blueprint.ts";
import type { Found, FoundQueue } from "../found.ts";
import { decideSecrets } from "../secrets.ts";
import { describeCommand } from "../tools.ts";
import { plan } from "./plan.ts";
import { type DeployRequest, readOutputs } from "./step.ts";

const blueprint: Blueprint = {
  worker: "dreamreel",
  database: "dreamreel",
  bucket: "media",
  lifecycle: [{ name: "expire-uploads", prefix: "uploads/", expireDays: 7 }],
  cors: { origins: ["*"], methods: ["PUT"], headers: ["content-type", "if-none-match"] },
  queues: { standard: "video-standard", premium: "video-premium" },
  deadLetterQueue: "video-dead",
  consumer: { batchSize: 10, maxRetries: 100, visibilityTimeoutSeconds: 300, retryDelaySeconds: 5 },
  edgeSecrets: ["CALLBACK_SECRETS", "PLAYBACK_SECRET", "ADMIN_KEY"],
  edgeVersion: "edge-1",
  imageVersion: "image-1",
};
const request: DeployRequest = {
  appName: "pool",
  org: "personal",
  region: null,
  machines: null,
  edgeUrl: null,
};
const env = {
  EDGE_URL: "https://edge",
  CLOUDFLARE_ACCOUNT_ID: "account",
  QUEUE_STANDARD_ID: "id-standard",
  QUEUE_PREMIUM_ID: "id-premium",
  S3_ENDPOINT: "https://account.r2.cloudflarestorage.com",
  S3_BUCKET: "media",
};
const pulled = { type: "http_pull", deadLetterQueue: "video-dead", settings: blueprint.consumer };
const machine = { id: "m1", state: "stopped", image: "image-1", env };
const poolSecrets = [
  ...["CALLBACK_SECRET", "OPENAI_API_KEY", "CLOUDFLARE_API_TOKEN"],
  ...["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"],
].map((name) => ({ name, deployed: true }));

/** A deployment that is complete and up to date. */
const complete = (): Found => ({
  accountId: "account",
  database: { pendingMigrations: [] },
  bucket: {
    cors: [{ origins: ["*"], methods: ["PUT"], headers: ["content-type", "if-none-match"] }],
    rules: [
      { name: "expire-uploads", enabled: "Yes", prefix: "uploads/", action: "Expire objects after 7 days" },
    ],
  },
  queues: new Map([
    ["video-dead", { id: "id-dead", consumer: { ...pulled, type: "worker" } }],
    ["video-standard", { id: "id-standard", consumer: pulled }],
    ["video-premium", { id: "id-premium", consumer: pulled }],
  ]),
  worker: { secrets: blueprint.edgeSecrets, version: "edge-1" },
  app: { secrets: poolSecrets, machines: [machine, { ...machine, id: "m2" }] },
});

function linesFor(change: (found: Found) => void, changes: Partial<DeployRequest> = {}): string[] {
  const found = complete();
  change(found);
  const random = { webhook: () => "whsec_new", token: () => "new" };
  const secrets = decideSecrets(blueprint, found, { given: {}, kept: {}, renew: [], random });
  const outputs = readOutputs(found, request);
  return plan(blueprint, found, { ...request, ...changes }, secrets).map(({ command }) =>
    describeCommand(command(outputs)),
  );
}

describe("plan", () => {
  it("is empty when everything is as requested", () => {
    expect(linesFor(() => {})).toEqual([]);
  });

  it("replaces a pull consumer that has other settings", () => {
    const lines = linesFor(({ queues }) => {
      const standard = queues.get("video-standard");
      if (standard) standard.consumer = { ...pulled, deadLetterQueue: null };
    });
    expect(lines).toEqual([
      "wrangler queues consumer http remove video-standard",
      expect.stringMatching(
        /^wrangler queues consumer http add video-standard .*--dead-letter-queue video-dead/,
      ),
    ]);
  });

  it("attaches the Worker to the dead letter queue again when it is detached", () => {
    const deploy = expect.stringMatching(/^wrangler deploy /);
    const withDead = (consumer: FoundQueue["consumer"]) =>
      linesFor((found) => {
        found.queues = new Map([...found.queues, ["video-dead", { id: "id-dead", consumer }]]);
      });
    expect(withDead(null)).toEqual([deploy]);
    expect(withDead(pulled)).toEqual(["wrangler queues consumer http remove video-dead", deploy]);
  });

  it("refuses a queue that a Worker consumes", () => {
    const plan = () =>
      linesFor(({ queues }) => {
        const standard = queues.get("video-standard");
        if (standard) standard.consumer = { ...pulled, type: "worker" };
      });
    expect(plan).toThrow("A Worker consumes the queue video-standard");
  });

  it("corrects its own rules of the bucket and leaves others alone", () => {
    const lines = linesFor(({ bucket }) => {
      if (bucket)
        bucket.rules = [
          {
            name: "expire-uploads",
            enabled: "Yes",
            prefix: "uploads/",
            action: "Expire objects after 30 days",
          },
          { name: "an operator's own", enabled: "Yes", prefix: "x/", action: "Expire objects after 1 days" },
        ];
    });
    expect(lines).toEqual([
      "wrangler r2 bucket lifecycle remove media --name expire-uploads",
      "wrangler r2 bucket lifecycle add media expire-uploads uploads/ --expire-days 7 --force",
    ]);
  });

  it("lets pages upload recordings, and keeps a wider CORS rule", () => {
    const set = ["wrangler r2 bucket cors set media --file deploy/bucket-cors.json --force"];
    const linesWith = (cors: NonNullable<Found["bucket"]>["cors"]) =>
      linesFor(({ bucket }) => {
        if (bucket) bucket.cors = cors;
      });
    expect(linesWith([])).toEqual(set);
    expect(linesWith([{ origins: ["*"], methods: ["GET"], headers: ["*"] }])).toEqual(set);
    expect(linesWith([{ origins: ["*"], methods: ["GET", "PUT"], headers: ["*"] }])).toEqual([]);
  });

  it("removes the rule by which a destroy empties the bucket", () => {
    const lines = linesFor(({ bucket }) => {
      const rule = {
        name: "expire-everything",
        enabled: "Yes",
        prefix: "(all prefixes)",
        action: "Expire objects after 1 days",
      };
      if (bucket) bucket.rules = [...bucket.rules, rule];
    });
    expect(lines).toEqual(["wrangler r2 bucket lifecycle remove media --name expire-everything"]);
  });

  it("deploys the pool again for a new secret or a changed address", () => {
    const deploy = [expect.stringMatching(/^flyctl deploy --app pool /)];
    expect(
      linesFor(({ app }) => {
        if (app) app.secrets = poolSecrets.map((secret) => ({ ...secret, deployed: false }));
      }),
    ).toEqual(deploy);
    expect(
      linesFor(({ app }) => {
        if (app) app.machines = [{ ...machine, env: { ...env, QUEUE_PREMIUM_ID: "another" } }, machine];
      }),
    ).toEqual(deploy);
  });

  it("removes no machine without --machines", () => {
    const many = ({ app }: Found) => {
      if (app) app.machines = ["a", "b", "c"].map((id) => ({ ...machine, id }));
    };
    expect(linesFor(many)).toEqual([]);
    expect(linesFor(many, { machines: 1 })).toEqual([
      "flyctl scale count 1 --app pool --config fly.worker.toml --yes",
    ]);
  });

  it("deploys the Worker again when its address is unknown", () => {
    const lines = linesFor(({ app }) => {
      if (app) app.machines = [];
    });
    expect(lines[0]).toMatch(/^wrangler deploy --tag edge-1/);
    expect(lines[1]).toContain("<address of the Worker>");
  });
});
