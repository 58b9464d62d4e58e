/** `npm run deploy -- --destroy` as a process. */
import { describe, expect, it } from "vitest";
import { app, emptyAccount } from "./recorded.ts";
import { changes, complete, deploy, looks, replay, useDeploy } from "./use-deploy.ts";

useDeploy();

const objects = (count: string) => ({
  stdout: JSON.stringify({ name: "dreamreel-media", object_count: count }),
});

describe("deploy --destroy", () => {
  it("removes everything, machines first and data last", async () => {
    const calls = replay(looks(complete), { "wrangler r2 bucket info dreamreel-media --json": objects("0") });
    const { code } = await deploy(["--destroy", "--confirm", "dreamreel"]);
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
    const { code, stdout } = await deploy(["--destroy", "--confirm", "dreamreel"]);
    expect(code).toBe(0);
    expect(changes(calls()).at(-1)).toBe(
      "wrangler r2 bucket lifecycle add dreamreel-media expire-everything --expire-days 1 --force",
    );
    expect(stdout).toContain("run it again in two days");
  });

  it("keeps database and bucket with --keep-data", async () => {
    const calls = replay(looks(complete));
    const { code } = await deploy(["--destroy", "--keep-data", "--confirm", "dreamreel"]);
    expect(code).toBe(0);
    expect(changes(calls()).at(-1)).toBe("wrangler queues delete video-dead");
  });

  it("finds nothing to destroy in an empty account", async () => {
    const calls = replay(looks(emptyAccount));
    const { code, stdout } = await deploy(["--destroy"]);
    expect(code).toBe(0);
    expect(stdout).toContain("nothing is deployed");
    expect(changes(calls())).toEqual([]);
  });
});
