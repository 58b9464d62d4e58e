/**
 * What the tests of `npm run deploy` share: the deploy as a process in a checkout of its own, with replayed
 * tools on PATH, and a server in place of Cloudflare's token API.
 */
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll } from "vitest";
import { readBlueprint } from "../../deploy/blueprint.ts";
import { type Answer, type Call, makeCheckout, replayTools } from "./checkout.ts";
import { accountId, app, commands, completeAccount, type Look, poolEnvironment } from "./recorded.ts";

const checkout = makeCheckout();
export const blueprint = readBlueprint(checkout.folder);
export const migrations = readdirSync(join(checkout.folder, "db", "migrations"))
  .filter((name) => name.endsWith(".sql"))
  .sort();
export const complete = completeAccount({ ...blueprint, migrations });
export const keptPath = join(checkout.folder, ".deploy", `${accountId}.json`);
/** Bodies of the requests that made an API token. */
export const madeTokens: unknown[] = [];
/**
 * The operator's environment. The deploy checks the pool's token and creates its S3 key at the test's own
 * server.
 */
export const env: Record<string, string> = {
  OPENAI_API_KEY: "sk-openai-key",
  RENDER_CLOUDFLARE_API_TOKEN: "render-token",
  CLOUDFLARE_API_TOKEN: "deploy-token",
};

/** Starts the token API for the tests of a file, and removes the checkout after them. */
export function useDeploy(): void {
  const cloudflare = createServer(async (request, response) => {
    const by = request.headers.authorization;
    const asked = `${request.method} ${request.url?.replace(/\?.*/, "")}`;
    let result: unknown;
    if (by === "Bearer render-token" && asked === "GET /user/tokens/verify")
      result = { id: "render-token-id", status: "active" };
    if (by === "Bearer deploy-token" && asked === `GET /accounts/${accountId}/tokens/permission_groups`)
      result = [
        { id: "every-bucket", name: "Workers R2 Storage Write" },
        { id: "objects", name: "Workers R2 Storage Bucket Item Write" },
      ];
    if (by === "Bearer deploy-token" && asked === `POST /accounts/${accountId}/tokens`) {
      madeTokens.push(JSON.parse(await text(request)));
      result = { id: "bucket-token-id", value: "bucket-token" };
    }
    response.statusCode = result === undefined ? 403 : 200;
    response.end(JSON.stringify({ success: result !== undefined, result: result ?? null }));
  });
  beforeAll(async () => {
    await new Promise<void>((done) => cloudflare.listen(0, "127.0.0.1", done));
    env.CLOUDFLARE_API_BASE_URL = `http://127.0.0.1:${(cloudflare.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    cloudflare.close();
    checkout.remove();
  });
}

/** `npm run deploy` with these options. */
export const deploy = (args: readonly string[], environment?: Record<string, string>) =>
  checkout.run("deploy/main.ts", args, environment);

/** What the edge signs upload addresses with. */
const bucketVars = `--var S3_ENDPOINT:https://${accountId}.r2.cloudflarestorage.com --var S3_BUCKET:dreamreel-media`;

export const deployLine = `wrangler deploy --tag ${blueprint.edgeVersion} --message npm run deploy ${blueprint.edgeVersion} --var WORKER_WAKE_URL:https://${app}.fly.dev/wake ${bucketVars}`;

/** What wrangler records of a deploy. */
export const deployRecord = [
  { type: "wrangler-session", version: 1 },
  {
    type: "deploy",
    version: 1,
    worker_name: "dreamreel",
    targets: ["https://dreamreel.dreams.workers.dev", "schedule: * * * * *", "Producer for video-standard"],
  },
]
  .map((entry) => `${JSON.stringify(entry)}\n`)
  .join("");

/** The command that builds and deploys the image. */
export const imageLine = [
  `flyctl deploy --app ${app} --config fly.worker.toml --image-label ${blueprint.imageVersion} --ha=false --yes`,
  ...Object.entries(poolEnvironment).map(([name, value]) => `--env ${name}=${value}`),
].join(" ");

/** The command that adds a queue's consumer. */
export const consumerLine = (queue: string) =>
  `wrangler queues consumer http add ${queue} --batch-size 10 --message-retries 100 --dead-letter-queue video-dead --visibility-timeout-secs 300 --retry-delay-secs 5`;

/** A pattern for exactly this text. */
export const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The answers to the commands that read. */
export const looks = (answers: Partial<Record<Look, Answer>>) =>
  Object.fromEntries(
    Object.entries(answers).map(([look, answer]) => [quote(commands[look as Look]), answer]),
  );

/** All commands that change something succeed, unless `special` has another answer. */
export function replay(lookAnswers: Record<string, Answer>, special: Record<string, Answer | Answer[]> = {}) {
  return replayTools(checkout, ["wrangler", "flyctl"], {
    ...special,
    ...Object.fromEntries(Object.entries(lookAnswers).filter(([line]) => !(line in special))),
    ...Object.fromEntries(
      [
        "wrangler (d1 (create|delete|migrations apply)|delete|secret bulk) .*",
        "wrangler r2 bucket (create|delete|lifecycle add|lifecycle remove|cors set) .*",
        "wrangler queues (create|delete|consumer http add|consumer http remove|consumer worker remove) .*",
        "flyctl (apps create|apps destroy|secrets import|deploy|scale count) .*",
      ].map((line) => [line, {}]),
    ),
  });
}

const changing =
  /^(wrangler (d1 (create|delete|migrations apply)|delete|deploy|secret bulk|r2 bucket (create|delete|lifecycle (add|remove)|cors set)|queues (create|delete|consumer (http|worker) (add|remove)))|flyctl (apps (create|destroy)|secrets import|deploy|scale)) /;

/** The command lines that change something. */
export const changes = (calls: Call[]) =>
  calls.map(({ tool, args }) => [tool, ...args].join(" ")).filter((line) => changing.test(line));

/** NAME=VALUE lines. */
export const readLines = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
