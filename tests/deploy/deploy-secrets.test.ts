/**
 * The secrets of `npm run deploy`: where they come from, how they are handed over, and how they are renewed.
 */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Answer } from "./checkout.ts";
import { accountId, app, commands, emptyAccount, queueIds, queueTable } from "./recorded.ts";
import {
  changes,
  complete,
  consumerLine,
  deploy,
  deployLine,
  deployRecord,
  env,
  imageLine,
  keptPath,
  looks,
  madeTokens,
  migrations,
  quote,
  readLines,
  replay,
  useDeploy,
} from "./use-deploy.ts";

useDeploy();

const bucketKey = ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"];

describe("the secrets of a deploy", () => {
  it("hands secrets over by stdin only, the same callback secret on both sides, and keeps what it made", async () => {
    const calls = replay(looks(emptyAccount), {
      [quote(commands.queues)]: [emptyAccount.queues as Answer, complete.queues],
      "wrangler deploy .*": { record: deployRecord },
    });
    const { stdout } = await deploy(["--yes"], env);
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
    const { code, stderr } = await deploy(["--yes", "--machines", "1"], env);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([
      "wrangler r2 bucket lifecycle add dreamreel-media abort-orphan-multiparts --abort-multipart-days 1 --force",
      "wrangler r2 bucket lifecycle add dreamreel-media expire-uploads uploads/ --expire-days 7 --force",
      "wrangler queues create video-premium",
      consumerLine("video-standard"),
      consumerLine("video-premium"),
      ...(migrations.length > 1 ? ["wrangler d1 migrations apply dreamreel --remote"] : []),
      deployLine,
      `flyctl apps create ${app} --org personal`,
      `flyctl secrets import --app ${app} --stage`,
      imageLine,
    ]);
    const pool = readLines(calls().find(({ args }) => args[1] === "import")?.stdin ?? "");
    expect(pool.CALLBACK_SECRET).toBe(kept.CALLBACK_SECRET);
  });

  it("does nothing if a secret is missing, and names it", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stderr } = await deploy(["--yes"], { ...env, OPENAI_API_KEY: "" });
    expect(code).toBe(1);
    expect(stderr).toContain("OPENAI_API_KEY is missing");
    expect(changes(calls())).toEqual([]);
  });

  it("makes one token for the bucket, however often it starts again", async () => {
    rmSync(keptPath, { force: true });
    madeTokens.length = 0;
    for (let run = 0; run < 2; run++) {
      replay(looks(emptyAccount), { "wrangler d1 create .*": { code: 1, stderr: "no" } });
      expect((await deploy(["--yes"], env)).code).toBe(1);
    }
    expect(madeTokens).toHaveLength(1);
  });

  it("asks for the bucket's key if its own token may not create one, and says how to create it", async () => {
    rmSync(keptPath, { force: true });
    const calls = replay(looks(emptyAccount));
    const weaker = { ...env, CLOUDFLARE_API_TOKEN: "may-make-no-tokens" };
    const { code, stderr } = await deploy(["--yes"], weaker);
    expect(code).toBe(1);
    expect(stderr).toMatch(/S3_ACCESS_KEY_ID is missing: .*Object Read & Write on this one bucket/);
    expect(changes(calls())).toEqual([]);
  });

  it("does nothing if Cloudflare does not know the pool's token", async () => {
    const calls = replay(looks(emptyAccount));
    const wrong = { ...env, RENDER_CLOUDFLARE_API_TOKEN: "revoked" };
    const { code, stderr } = await deploy(["--yes"], wrong);
    expect(code).toBe(1);
    expect(stderr).toContain("does not know RENDER_CLOUDFLARE_API_TOKEN");
    expect(changes(calls())).toEqual([]);
  });

  it("stops at the first step that fails and prints the tool's message, without a secret", async () => {
    const calls = replay(looks(emptyAccount), {
      "wrangler secret bulk .*": { code: 1, stderr: "✘ [ERROR] 500: try again later\n" },
      [quote(commands.queues)]: [emptyAccount.queues as Answer, complete.queues],
    });
    const { code, stdout, stderr } = await deploy(["--yes"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("500: try again later");
    expect(stderr).toContain("run it again");
    expect(changes(calls()).at(-1)).toBe("wrangler secret bulk --name dreamreel");
    expect(`${stdout}${stderr}`).not.toContain(JSON.parse(readFileSync(keptPath, "utf8")).ADMIN_KEY);
  });

  it("renews the callback secret without a moment in which a worker is refused", async () => {
    const before = JSON.parse(readFileSync(keptPath, "utf8")).CALLBACK_SECRET;
    const calls = replay(looks(complete));
    const { code } = await deploy(["--yes", "--renew", "CALLBACK_SECRET"], env);
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
});
