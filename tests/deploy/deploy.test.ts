/** `npm run deploy` as a process: its command lines and their order. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Answer } from "./checkout.ts";
import { app, commands, completeAccount, emptyAccount } from "./recorded.ts";
import {
  changes,
  complete,
  consumerLine,
  deploy,
  deployLine,
  deployRecord,
  env,
  imageLine,
  looks,
  migrations,
  quote,
  replay,
  useDeploy,
} from "./use-deploy.ts";

useDeploy();

describe("deploy", () => {
  it("makes everything in an empty account, in an order in which each part finds what it needs", async () => {
    const calls = replay(looks(emptyAccount), {
      [quote(commands.queues)]: [emptyAccount.queues as Answer, complete.queues],
      "wrangler deploy .*": { record: deployRecord },
    });
    const { code, stdout, stderr } = await deploy(["--yes"], env);
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
      deployLine,
      `flyctl apps create ${app} --org personal`,
      `flyctl secrets import --app ${app} --stage`,
      imageLine,
      `flyctl scale count 2 --app ${app} --config fly.worker.toml --yes`,
    ]);
    expect(stdout).toContain("Done. The service: https://dreamreel.dreams.workers.dev");
  });

  it("finds nothing to do if everything exists", async () => {
    const calls = replay(looks(complete));
    const { code, stdout } = await deploy([]);
    expect(stdout).toContain("Nothing to do");
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([]);
  });

  it("deploys the code of another version, and nothing else", async () => {
    const older = completeAccount({ edgeVersion: "000000000000", imageVersion: "000000000000", migrations });
    const calls = replay(looks(older), { "wrangler deploy .*": { record: deployRecord } });
    const { code } = await deploy(["--yes"]);
    expect(code).toBe(0);
    expect(changes(calls())).toEqual([deployLine, imageLine]);
  });

  it("prints the steps and does nothing with --plan, even without any secret", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stdout } = await deploy(["--plan"]);
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
    const { code, stderr } = await deploy([], env);
    expect(code).toBe(1);
    expect(stderr).toContain("Add --yes");
    expect(changes(calls())).toEqual([]);
  });

  it("asks for a login before anything else", async () => {
    replay({ [quote(commands.whoami)]: { code: 1, stdout: '{"loggedIn": false}' } });
    const { code, stderr } = await deploy(["--yes"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("npx wrangler login");
  });

  it("refuses a checkout that is older than the database", async () => {
    const newer = {
      stdout: JSON.stringify([{ results: [...migrations, "9999_later.sql"].map((name) => ({ name })) }]),
    };
    const calls = replay(looks({ ...complete, migrations: newer }));
    const { code, stderr } = await deploy(["--yes"], env);
    expect(code).toBe(1);
    expect(stderr).toContain("9999_later.sql");
    expect(changes(calls())).toEqual([]);
  });
});

it("leaves no file in this checkout", () => {
  expect(existsSync(new URL("../../.deploy", import.meta.url))).toBe(false);
});
