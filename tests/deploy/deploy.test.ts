/**
 * `npm run deploy` as a process, with replayed tools on PATH: its command lines, their order and their input.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readBlueprint } from "../../deploy/blueprint.ts";
import { type Answer, type Call, makeCheckout, replayTools } from "./checkout.ts";
import {
  accountId,
  app,
  commands,
  completeAccount,
  emptyAccount,
  type Look,
  poolEnvironment,
  queueIds,
  queueTable,
} from "./recorded.ts";

const checkout = makeCheckout();
const blueprint = readBlueprint(checkout.folder);
const migrations = readdirSync(join(checkout.folder, "db", "migrations"))
  .filter((name) => name.endsWith(".sql"))
  .sort();
const complete = completeAccount({ ...blueprint, migrations });
const keptPath = join(checkout.folder, ".deploy", `${accountId}.json`);

/**
 * The operator's environment. The deploy checks the pool's token and creates its S3 key at the test's own
 * server.
 */
/** What the edge signs upload addresses with. */
const bucketVars = `--var S3_ENDPOINT:https://${accountId}.r2.cloudflarestorage.com --var S3_BUCKET:dreamreel-media`;
const bucketKey = ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"];
const secrets = {
  OPENAI_API_KEY: "sk-openai-key",
  RENDER_CLOUDFLARE_API_TOKEN: "render-token",
  CLOUDFLARE_API_TOKEN: "deploy-token",
};
const madeTokens: unknown[] = [];
let cloudflare: ReturnType<typeof createServer>;
let env: Record<string, string>;

beforeAll(async () => {
  cloudflare = createServer(async (request, response) => {
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
  await new Promise<void>((done) => cloudflare.listen(0, "127.0.0.1", done));
  env = {
    ...secrets,
    CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${(cloudflare.address() as AddressInfo).port}`,
  };
});
afterAll(() => {
  cloudflare.close();
  checkout.remove();
});

describe("deploy", () => {
  it("makes everything in an empty account, in an order in which each part finds what it needs", async () => {
    const calls = replay(looks(emptyAccount), {
      [quote(commands.queues)]: [emptyAccount.queues as Answer, complete.queues],
      "wrangler deploy .*": { record: deployRecord },
    });
    const { code, stdout, stderr } = await checkout.run("deploy/main.ts", ["--yes"], env);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([
      "wrangler d1 create dreamreel",
      "wrangler r2 bucket create dreamreel-media",
      "wrangler r2 bucket lifecycle add dreamreel-media abort-orphan-multiparts --abort-multipart-days 1 --force",
      "wrangler r2 bucket lifecycle add dreamreel-media expire-uploads uploads/ --expire-days 7 --force",
      "wrangler r2 bucket cors set dreamreel-media --file deploy/bucket-cors.json --force",
      "wrangler queues create video-dead",
      "wrangler queues create video-standard",
      "wrangler queues create video-premium",
      consumerLine("video-standard"),
      consumerLine("video-premium"),
      "wrangler secret bulk --name dreamreel",
      "wrangler d1 migrations apply dreamreel --remote",
      `wrangler deploy --tag ${blueprint.edgeVersion} --message npm run deploy ${blueprint.edgeVersion} --var WORKER_WAKE_URL:https://${app}.fly.dev/wake ${bucketVars}`,
      `flyctl apps create ${app} --org personal`,
      `flyctl secrets import --app ${app} --stage`,
      imageLine,
      `flyctl scale count 2 --app ${app} --config fly.worker.toml --yes`,
    ]);
    expect(stdout).toContain("Done. The service: https://dreamreel.dreams.workers.dev");
  });

  it("hands secrets over by stdin only, the same callback secret on both sides, and keeps what it made", async () => {
    const calls = replay(looks(emptyAccount), {
      [quote(commands.queues)]: [emptyAccount.queues as Answer, complete.queues],
      "wrangler deploy .*": { record: deployRecord },
    });
    const { stdout } = await checkout.run("deploy/main.ts", ["--yes"], env);
    const edge = JSON.parse(
      calls().find(({ args }) => args[0] === "secret" && args[1] === "bulk")?.stdin ?? "{}",
    );
    const pool = readLines(calls().find(({ args }) => args[1] === "import")?.stdin ?? "");
    expect(Object.keys(edge).sort()).toEqual([
      "ADMIN_KEY",
      "CALLBACK_SECRETS",
      "PLAYBACK_SECRET",
      ...bucketKey,
    ]);
    expect(pool).toEqual({
      CALLBACK_SECRET: edge.CALLBACK_SECRETS,
      OPENAI_API_KEY: "sk-openai-key",
      CLOUDFLARE_API_TOKEN: "render-token",
      S3_ACCESS_KEY_ID: "bucket-token-id",
      S3_SECRET_ACCESS_KEY: createHash("sha256").update("bucket-token").digest("hex"),
    });
    expect(madeTokens.at(-1)).toMatchObject({
      policies: [
        {
          effect: "allow",
          resources: { [`com.cloudflare.edge.r2.bucket.${accountId}_default_dreamreel-media`]: "*" },
          permission_groups: [{ id: "objects" }],
        },
      ],
    });
    const values = [...Object.values(edge), ...Object.values(pool)] as string[];
    const seen = [stdout, ...calls().map(({ args }) => args.join(" "))].join("\n");
    expect(values.filter((value) => seen.includes(value))).toEqual([]);
    const kept = JSON.parse(readFileSync(keptPath, "utf8"));
    expect(kept).toEqual({
      CALLBACK_SECRET: edge.CALLBACK_SECRETS,
      PLAYBACK_SECRET: edge.PLAYBACK_SECRET,
      ADMIN_KEY: edge.ADMIN_KEY,
      S3_ACCESS_KEY_ID: pool.S3_ACCESS_KEY_ID,
      S3_SECRET_ACCESS_KEY: pool.S3_SECRET_ACCESS_KEY,
    });
    expect(statSync(keptPath).mode & 0o777).toBe(0o600);
  });

  it("finds nothing to do if everything exists", async () => {
    const calls = replay(looks(complete));
    const { code, stdout } = await checkout.run("deploy/main.ts", []);
    expect(stdout).toContain("Nothing to do");
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([]);
  });

  it("completes an interrupted run, with the secrets of that run", async () => {
    const kept = JSON.parse(readFileSync(keptPath, "utf8"));
    const dead = { "video-dead": queueIds["video-dead"], "video-standard": queueIds["video-standard"] };
    const calls = replay(
      looks({
        ...complete,
        lifecycle: {
          stdout: "Listing lifecycle rules…\nThere are no lifecycle rules for bucket 'dreamreel-media'.\n",
        },
        queues: { stdout: `${queueTable(Object.entries(dead))}\n` },
        standardConsumer: { stdout: "[]\n" },
        migrations: { stdout: JSON.stringify([{ results: [{ name: migrations[0] }] }]) },
        deployment: { code: 1, stderr: "✘ [ERROR] The Worker dreamreel has no deployments.\n" },
        apps: { stdout: "[]\n" },
      }),
      {
        [quote(commands.queues)]: [{ stdout: `${queueTable(Object.entries(dead))}\n` }, complete.queues],
        "wrangler deploy .*": { record: deployRecord },
      },
    );
    const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes", "--machines", "1"], env);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([
      "wrangler r2 bucket lifecycle add dreamreel-media abort-orphan-multiparts --abort-multipart-days 1 --force",
      "wrangler r2 bucket lifecycle add dreamreel-media expire-uploads uploads/ --expire-days 7 --force",
      "wrangler queues create video-premium",
      consumerLine("video-standard"),
      consumerLine("video-premium"),
      ...(migrations.length > 1 ? ["wrangler d1 migrations apply dreamreel --remote"] : []),
      `wrangler deploy --tag ${blueprint.edgeVersion} --message npm run deploy ${blueprint.edgeVersion} --var WORKER_WAKE_URL:https://${app}.fly.dev/wake ${bucketVars}`,
      `flyctl apps create ${app} --org personal`,
      `flyctl secrets import --app ${app} --stage`,
      imageLine,
    ]);
    const pool = readLines(calls().find(({ args }) => args[1] === "import")?.stdin ?? "");
    expect(pool.CALLBACK_SECRET).toBe(kept.CALLBACK_SECRET);
  });

  it("deploys the code of another version, and nothing else", async () => {
    const older = completeAccount({ edgeVersion: "000000000000", imageVersion: "000000000000", migrations });
    const calls = replay(looks(older), { "wrangler deploy .*": { record: deployRecord } });
    const { code } = await checkout.run("deploy/main.ts", ["--yes"]);
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([
      `wrangler deploy --tag ${blueprint.edgeVersion} --message npm run deploy ${blueprint.edgeVersion} --var WORKER_WAKE_URL:https://${app}.fly.dev/wake ${bucketVars}`,
      imageLine,
    ]);
  });

  it("prints the steps and does nothing with --plan, even without any secret", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stdout } = await checkout.run("deploy/main.ts", ["--plan"]);
    expect(code).toBe(0);
    expect(stdout).toContain("$ wrangler d1 create dreamreel\n");
    expect(stdout).toContain(
      `$ wrangler secret bulk --name dreamreel  < PLAYBACK_SECRET, ADMIN_KEY, CALLBACK_SECRETS`,
    );
    expect(stdout).toContain('--env "QUEUE_STANDARD_ID=<id of video-standard>"');
    expect(stdout).toMatch(/Needed for it:[\s\S]*OPENAI_API_KEY[\s\S]*RENDER_CLOUDFLARE_API_TOKEN/);
    expect(changes(calls())).toEqual([]);
  });

  it("does nothing without confirmation", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stderr } = await checkout.run("deploy/main.ts", [], env);
    expect(code).toBe(1);
    expect(stderr).toContain("Add --yes");
    expect(changes(calls())).toEqual([]);
  });

  it("does nothing if a secret is missing, and names it", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes"], { ...env, OPENAI_API_KEY: "" });
    expect(code).toBe(1);
    expect(stderr).toContain("OPENAI_API_KEY is missing");
    expect(changes(calls())).toEqual([]);
  });

  it("makes one token for the bucket, however often it starts again", async () => {
    rmSync(keptPath, { force: true });
    madeTokens.length = 0;
    for (let run = 0; run < 2; run++) {
      replay(looks(emptyAccount), { "wrangler d1 create .*": { code: 1, stderr: "no" } });
      expect((await checkout.run("deploy/main.ts", ["--yes"], env)).code).toBe(1);
    }
    expect(madeTokens).toHaveLength(1);
  });

  it("asks for the bucket's key if its own token may not create one, and says how to create it", async () => {
    rmSync(keptPath, { force: true });
    const calls = replay(looks(emptyAccount));
    const weaker = { ...env, CLOUDFLARE_API_TOKEN: "may-make-no-tokens" };
    const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes"], weaker);
    expect(code).toBe(1);
    expect(stderr).toMatch(/S3_ACCESS_KEY_ID is missing: .*Object Read & Write on this one bucket/);
    expect(changes(calls())).toEqual([]);
  });

  it("does nothing if Cloudflare does not know the pool's token", async () => {
    const calls = replay(looks(emptyAccount));
    const wrong = { ...env, RENDER_CLOUDFLARE_API_TOKEN: "revoked" };
    const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes"], wrong);
    expect(code).toBe(1);
    expect(stderr).toContain("does not know RENDER_CLOUDFLARE_API_TOKEN");
    expect(changes(calls())).toEqual([]);
  });

  it("stops at the first step that fails and prints the tool's message, without a secret", async () => {
    const calls = replay(looks(emptyAccount), {
      "wrangler secret bulk .*": { code: 1, stderr: "✘ [ERROR] 500: try again later\n" },
      [quote(commands.queues)]: [emptyAccount.queues as Answer, complete.queues],
    });
    const { code, stdout, stderr } = await checkout.run("deploy/main.ts", ["--yes"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("500: try again later");
    expect(stderr).toContain("run it again");
    expect(changes(calls()).at(-1)).toBe("wrangler secret bulk --name dreamreel");
    expect(`${stdout}${stderr}`).not.toContain(JSON.parse(readFileSync(keptPath, "utf8")).ADMIN_KEY);
  });

  it("renews the callback secret without a moment in which a worker is refused", async () => {
    const before = JSON.parse(readFileSync(keptPath, "utf8")).CALLBACK_SECRET;
    const calls = replay(looks(complete));
    const { code } = await checkout.run("deploy/main.ts", ["--yes", "--renew", "CALLBACK_SECRET"], env);
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([
      "wrangler secret bulk --name dreamreel",
      `flyctl secrets import --app ${app} --stage`,
      imageLine,
      "wrangler secret bulk --name dreamreel",
    ]);
    const [both, alone] = calls()
      .filter(({ args }) => args[1] === "bulk")
      .map(({ stdin }) => JSON.parse(stdin).CALLBACK_SECRETS as string);
    expect(alone).not.toBe(before);
    expect(both).toBe(`${alone} ${before}`);
  });

  it("asks for a login before anything else", async () => {
    replay({ [quote(commands.whoami)]: { code: 1, stdout: '{"loggedIn": false}' } });
    const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("npx wrangler login");
  });

  it("refuses a checkout that is older than the database", async () => {
    const newer = {
      stdout: JSON.stringify([{ results: [...migrations, "9999_later.sql"].map((name) => ({ name })) }]),
    };
    const calls = replay(looks({ ...complete, migrations: newer }));
    const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("9999_later.sql");
    expect(changes(calls())).toEqual([]);
  });
});

describe("deploy --destroy", () => {
  it("removes everything, machines first and data last", async () => {
    const calls = replay(looks(complete), { "wrangler r2 bucket info dreamreel-media --json": objects("0") });
    const { code } = await checkout.run("deploy/main.ts", ["--destroy", "--confirm", "dreamreel"]);
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([
      `flyctl apps destroy ${app} --yes`,
      "wrangler queues consumer worker remove video-dead dreamreel",
      "wrangler delete dreamreel --force",
      "wrangler queues consumer http remove video-premium",
      "wrangler queues delete video-premium",
      "wrangler queues consumer http remove video-standard",
      "wrangler queues delete video-standard",
      "wrangler queues delete video-dead",
      "wrangler d1 delete dreamreel --skip-confirmation",
      "wrangler r2 bucket delete dreamreel-media",
    ]);
  });

  it("gives a bucket with films a rule that empties it, because Cloudflare deletes only empty buckets", async () => {
    const calls = replay(looks(complete), {
      "wrangler r2 bucket info dreamreel-media --json": objects("1,204"),
    });
    const { code, stdout } = await checkout.run("deploy/main.ts", ["--destroy", "--confirm", "dreamreel"]);
    expect(code).toBe(0);
    expect(changes(calls()).at(-1)).toBe(
      "wrangler r2 bucket lifecycle add dreamreel-media expire-everything --expire-days 1 --force",
    );
    expect(stdout).toContain("run it again in two days");
  });

  it("keeps database and bucket with --keep-data", async () => {
    const calls = replay(looks(complete));
    const { code } = await checkout.run("deploy/main.ts", [
      "--destroy",
      "--keep-data",
      "--confirm",
      "dreamreel",
    ]);
    expect(code).toBe(0);
    expect(changes(calls()).at(-1)).toBe("wrangler queues delete video-dead");
  });

  it("finds nothing to destroy in an empty account", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stdout } = await checkout.run("deploy/main.ts", ["--destroy"]);
    expect(code).toBe(0);
    expect(stdout).toContain("nothing is deployed");
    expect(changes(calls())).toEqual([]);
  });
});

const deployRecord = [
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

const imageLine = [
  `flyctl deploy --app ${app} --config fly.worker.toml --image-label ${blueprint.imageVersion} --ha=false --yes`,
  ...Object.entries(poolEnvironment).map(([name, value]) => `--env ${name}=${value}`),
].join(" ");

const consumerLine = (queue: string) =>
  `wrangler queues consumer http add ${queue} --batch-size 10 --message-retries 100 --dead-letter-queue video-dead --visibility-timeout-secs 300 --retry-delay-secs 5`;

const objects = (count: string) => ({
  stdout: JSON.stringify({ name: "dreamreel-media", object_count: count }),
});

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const looks = (answers: Partial<Record<Look, Answer>>) =>
  Object.fromEntries(
    Object.entries(answers).map(([look, answer]) => [quote(commands[look as Look]), answer]),
  );

/** All commands that change something succeed, unless `special` has another answer. */
function replay(lookAnswers: Record<string, Answer>, special: Record<string, Answer | Answer[]> = {}) {
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

const changes = (calls: Call[]) =>
  calls.map(({ tool, args }) => [tool, ...args].join(" ")).filter((line) => changing.test(line));

const readLines = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

it("leaves no file in this checkout", () => {
  expect(existsSync(new URL("../../.deploy", import.meta.url))).toBe(false);
});
