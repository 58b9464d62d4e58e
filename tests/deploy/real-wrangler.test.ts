/**
 * The same deploy with the real wrangler, against the test's own Cloudflare API: the flags exist, each
 * command does what the plan intends, and wrangler prints what recorded.ts has. Only flyctl is replayed.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { corsFile, readBlueprint } from "../../deploy/blueprint.ts";
import { runCommand } from "../../doctor/run-command.ts";
import { type Answer, makeCheckout, replayTools } from "./checkout.ts";
import { accountId, apiToken, startCloudflareApi } from "./cloudflare-api.ts";
import { app, commands, completeAccount, emptyAccount, type Look } from "./recorded.ts";

// Some sixty starts of wrangler, each of a few CPU seconds: minutes beside other files.
vi.setConfig({ testTimeout: 900_000 });

const checkout = makeCheckout();
const blueprint = readBlueprint(checkout.folder);
const migrations = readdirSync(join(checkout.folder, "db", "migrations"))
  .filter((name) => name.endsWith(".sql"))
  .sort();
const complete = completeAccount({ ...blueprint, migrations });
let api: Awaited<ReturnType<typeof startCloudflareApi>>;
let env: Record<string, string>;

beforeAll(async () => {
  writeFileSync(join(checkout.tools, "wrangler"), keepingWrangler, { mode: 0o755 });
  forgetAnswers();
  api = await startCloudflareApi();
  env = {
    CLOUDFLARE_API_BASE_URL: api.url,
    CLOUDFLARE_API_TOKEN: apiToken,
    CLOUDFLARE_ACCOUNT_ID: accountId,
    RENDER_CLOUDFLARE_API_TOKEN: apiToken,
    OPENAI_API_KEY: "sk-openai-key",
    WRANGLER_SEND_METRICS: "false",
  };
});
afterAll(async () => {
  await api.close();
  checkout.remove();
});

/** One folder for each run of wrangler. */
const answers = join(checkout.folder, "answers");
/** The real wrangler. Keeps what it prints, because a second run of each command costs a CPU second. */
const keepingWrangler = `#!/bin/sh
kept=$(mktemp -d "${answers}/XXXXXX")
echo "wrangler $*" > "$kept/line"
"${join(checkout.folder, "node_modules", ".bin", "wrangler")}" "$@" > "$kept/stdout" 2> "$kept/stderr"
code=$?
echo $code > "$kept/code"
cat "$kept/stdout"
cat "$kept/stderr" >&2
exit $code
`;
const wranglerLooks = Object.entries(commands).filter(([, line]) => line.startsWith("wrangler"));

it("uploads a Worker of at most 720 KiB, which are 220 KiB compressed", async () => {
  const { stdout } = await runCommand("npx", ["wrangler", "deploy", "--dry-run"], {
    cwd: checkout.folder,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
    timeoutMs: 900_000,
  });
  const [, size, compressed] = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/.exec(stdout) ?? [];
  expect(Number(size), stdout).toBeLessThanOrEqual(720);
  expect(Number(compressed)).toBeLessThanOrEqual(220);
});

it("makes everything in an empty account", async () => {
  const calls = replayTools(checkout, ["flyctl"], {
    "flyctl apps list --json": emptyAccount.apps as Answer,
    "flyctl .*": {},
  });
  const { code, stderr } = await checkout.run("deploy/main.ts", ["--yes"], env);
  expect(stderr).toBe("");
  expect(code).toBe(0);

  const { databases, queues, buckets, workers, unanswered } = api.account;
  expect(unanswered).toEqual([]);
  const [database] = [...databases.values()];
  expect(
    database?.sql
      .prepare("SELECT name FROM d1_migrations ORDER BY id")
      .all()
      .map(({ name }) => name),
  ).toEqual(migrations);
  expect([...queues.values()].map(({ name }) => name)).toEqual([
    "video-dead",
    "video-standard",
    "video-premium",
  ]);
  for (const { name, consumers } of queues.values())
    expect(consumers).toEqual(
      name === "video-dead"
        ? [expect.objectContaining({ type: "worker", script: "dreamreel" })]
        : [
            expect.objectContaining({
              type: "http_pull",
              dead_letter_queue: "video-dead",
              settings: { batch_size: 10, max_retries: 100, visibility_timeout_ms: 300_000, retry_delay: 5 },
            }),
          ],
    );
  expect(buckets.get("dreamreel-media")?.lifecycle).toHaveLength(2);
  const cors = JSON.parse(readFileSync(join(checkout.folder, corsFile), "utf8"));
  expect(buckets.get("dreamreel-media")?.cors).toEqual(cors.rules);
  const worker = workers.get("dreamreel");
  expect(worker?.versions.find(({ id }) => id === worker.live)).toMatchObject({ tag: blueprint.edgeVersion });
  expect([...(worker?.secrets.keys() ?? [])].sort()).toEqual(
    [...blueprint.edgeSecrets, "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"].sort(),
  );
  const image = calls().find(({ args }) => args[0] === "deploy");
  const standard = [...queues].find(([, { name }]) => name === "video-standard")?.[0];
  expect(image?.args).toContain("EDGE_URL=https://dreamreel.dreams.workers.dev");
  expect(image?.args).toContain(`QUEUE_STANDARD_ID=${standard}`);
});

it("has printed the recorded answers for an empty account", () => {
  expect(findDiffering(emptyAccount)).toEqual([]);
});

it("finds nothing to do afterwards, and removes everything at the end", async () => {
  const ids = Object.fromEntries([...api.account.queues].map(([id, { name }]) => [name, id]));
  const machines = JSON.stringify(
    JSON.parse(complete.machines.stdout as string).map((machine: { config: { env: object } }) => ({
      ...machine,
      config: {
        env: {
          ...machine.config.env,
          QUEUE_STANDARD_ID: ids["video-standard"],
          QUEUE_PREMIUM_ID: ids["video-premium"],
        },
      },
    })),
  );
  replayTools(checkout, ["flyctl"], {
    "flyctl apps list --json": complete.apps,
    [commands.appSecrets]: complete.appSecrets,
    [commands.machines]: { stdout: machines },
    [`flyctl apps destroy ${app} --yes`]: {},
  });
  forgetAnswers();
  const again = await checkout.run("deploy/main.ts", ["--yes"], env);
  expect(again.stdout).toContain("Nothing to do");
  expect(findDiffering(complete), "the recorded answers for a complete account").toEqual([]);

  const end = await checkout.run("deploy/main.ts", ["--destroy", "--confirm", "dreamreel"], env);
  expect(end.stderr).toBe("");
  const { databases, queues, buckets, workers } = api.account;
  expect([databases.size, queues.size, buckets.size, workers.size]).toEqual([0, 0, 0, 0]);
});

function forgetAnswers(): void {
  rmSync(answers, { recursive: true, force: true });
  mkdirSync(answers);
}

/** The commands whose first answer is not the recorded one, without ids and times, or that were not run. */
function findDiffering(recorded: Partial<Record<Look, Answer>>): string[] {
  const given = new Map<string, { code: number; stdout: string; stderr: string }>();
  const folders = readdirSync(answers).map((name) => join(answers, name));
  const startOf = (folder: string) => statSync(join(folder, "line")).mtimeMs;
  for (const folder of folders.sort((a, b) => startOf(b) - startOf(a))) {
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    const answer = { code: Number(read("code")), stdout: read("stdout"), stderr: read("stderr") };
    given.set(read("line").trim(), answer);
  }
  const looks = wranglerLooks.filter(([look]) => recorded[look as Look]);
  return looks.flatMap(([look, line]) => {
    const wanted = recorded[look as Look] as Answer;
    const found = given.get(line);
    const isSame =
      found?.code === (wanted.code ?? 0) &&
      (wanted.code
        ? found.stderr.includes("not found")
        : withoutIds(found.stdout) === withoutIds(wanted.stdout ?? ""));
    return isSame ? [] : [`${line}\n${JSON.stringify(found)}\nrecorded:\n${JSON.stringify(wanted)}`];
  });
}

/** JSON with sorted keys and all ids replaced by one; else the text without column widths. */
function withoutIds(text: string): string {
  const plain = text.replace(
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}/g,
    "ID",
  );
  try {
    return JSON.stringify(pick(JSON.parse(plain)));
  } catch {
    return plain.replace(/[ ─┌┬┐├┼┤└┴┘]+/g, " ").trim();
  }
}

/** Compares what the deploy reads; the rest of an answer may change. */
const read = new Set([
  ...["loggedIn", "accounts", "id", "name", "uuid", "results", "type", "settings", "dead_letter_queue"],
  ...[
    "batch_size",
    "max_retries",
    "visibility_timeout_ms",
    "retry_delay",
    "versions",
    "version_id",
    "percentage",
  ],
  ...["annotations", "workers/tag"],
]);

function pick(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pick);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => read.has(key));
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, pick(inner)]),
  );
}
