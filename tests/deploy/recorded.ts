/**
 * The output of wrangler 4.164 and flyctl that the deploy reads. wrangler's is recorded;
 * real-wrangler.test.ts runs it again and compares. flyctl's is derived from its source.
 *
 * @source superfly/flyctl internal/command/apps/list.go, secrets/list.go, machine/list.go; superfly/fly-go
 * types.go, machine_types.go (2026-08)
 */
import type { Answer } from "./checkout.ts";

export const accountId = "0123456789abcdef0123456789abcdef";
/** Derived from the account's id. */
export const app = "dreamreel-worker-3eb1bd43";
export const queueIds = {
  "video-dead": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "video-standard": "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
  "video-premium": "cccccccccccccccccccccccccccccccc",
};

const banner = "\n ⛅️ wrangler 4.164.0\n────────────────────\n";
const json = (value: unknown, indent = 2) => ({ stdout: `${JSON.stringify(value, null, indent)}\n` });
const missingWorker: Answer = {
  code: 1,
  stderr: `✘ [ERROR] Worker "dreamreel" not found.\n\n  If this is a new Worker, run \`wrangler deploy\` first to create it.\n`,
};

export const commands = {
  whoami: "wrangler whoami --json",
  databases: "wrangler d1 list --json",
  hasMigrationTable:
    "wrangler d1 execute dreamreel --remote --json --command SELECT name FROM sqlite_master WHERE name = 'd1_migrations'",
  migrations:
    "wrangler d1 execute dreamreel --remote --json --command SELECT name FROM d1_migrations ORDER BY id",
  buckets: "wrangler r2 bucket list",
  lifecycle: "wrangler r2 bucket lifecycle list dreamreel-media",
  cors: "wrangler r2 bucket cors list dreamreel-media",
  queues: "wrangler queues list",
  deadConsumer: "wrangler queues consumer list video-dead --json",
  standardConsumer: "wrangler queues consumer list video-standard --json",
  premiumConsumer: "wrangler queues consumer list video-premium --json",
  edgeSecrets: "wrangler secret list --name dreamreel",
  deployment: "wrangler deployments status --name dreamreel --json",
  versions: "wrangler versions list --name dreamreel --json",
  apps: "flyctl apps list --json",
  appSecrets: `flyctl secrets list --app ${app} --json`,
  machines: `flyctl machine list --app ${app} --json`,
} as const;
export type Look = keyof typeof commands;

export const emptyAccount: Partial<Record<Look, Answer>> = {
  whoami: json(
    {
      loggedIn: true,
      authType: "User API Token",
      email: "dreamer@example.com",
      accounts: [{ id: accountId, name: "Dreams" }],
    },
    4,
  ),
  databases: { stdout: "[]\n" },
  buckets: { stdout: `${banner}Listing buckets...\n\n` },
  queues: { stdout: `${banner}\n` },
  edgeSecrets: missingWorker,
  apps: { stdout: "[]\n" },
};

const consumer = (queue: string, id: string) =>
  json([
    {
      consumer_id: id,
      queue_name: queue,
      type: "http_pull",
      settings: { batch_size: 10, max_retries: 100, visibility_timeout_ms: 300_000, retry_delay: 5 },
      dead_letter_queue: "video-dead",
    },
  ]);

/** A complete deployment of the versions in `wanted`. */
export function completeAccount(wanted: {
  edgeVersion: string;
  imageVersion: string;
  migrations: readonly string[];
}): Record<Look, Answer> {
  const version = "11111111-0000-4000-8000-000000000001";
  return {
    whoami: emptyAccount.whoami as Answer,
    databases: json([
      {
        uuid: "22222222-0000-4000-8000-000000000002",
        name: "dreamreel",
        version: "production",
        created_at: "2026-11-22T00:00:00Z",
      },
    ]),
    hasMigrationTable: json([{ success: true, results: [{ name: "d1_migrations" }], meta: d1Meta }]),
    migrations: json([{ success: true, results: wanted.migrations.map((name) => ({ name })), meta: d1Meta }]),
    buckets: {
      stdout: `${banner}Listing buckets...\nname:           dreamreel-media\ncreation_date:  2026-11-22T00:00:00Z\n\n`,
    },
    lifecycle: {
      stdout: [
        `${banner}Listing lifecycle rules for bucket 'dreamreel-media'...`,
        "name:     abort-orphan-multiparts\nenabled:  Yes\nprefix:   (all prefixes)\naction:   Abort incomplete multipart uploads after 1 days\n",
        "name:     expire-uploads\nenabled:  Yes\nprefix:   uploads/\naction:   Expire objects after 7 days\n",
      ].join("\n"),
    },
    cors: {
      stdout: [
        `${banner}Listing CORS rules for bucket 'dreamreel-media'...`,
        "allowed_origins:  *",
        "allowed_methods:  PUT",
        "allowed_headers:  content-type, if-none-match",
        "exposed_headers:  (no exposed headers)",
        "max_age_seconds:  86400\n",
      ].join("\n"),
    },
    queues: { stdout: `${banner}${queueTable(Object.entries(queueIds))}\n` },
    deadConsumer: json([
      {
        consumer_id: "ffffffffffffffffffffffffffffffff",
        queue_name: "video-dead",
        type: "worker",
        script: "dreamreel",
        settings: { batch_size: 100, max_retries: 100, max_wait_time_ms: 1_000, retry_delay: 60 },
      },
    ]),
    standardConsumer: consumer("video-standard", "dddddddddddddddddddddddddddddddd"),
    premiumConsumer: consumer("video-premium", "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"),
    edgeSecrets: json(
      ["PLAYBACK_SECRET", "ADMIN_KEY", "CALLBACK_SECRETS", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"].map(
        (name) => ({ name, type: "secret_text" }),
      ),
    ),
    deployment: json({
      id: "33333333-0000-4000-8000-000000000003",
      annotations: { "workers/triggered_by": "deployment" },
      versions: [{ version_id: version, percentage: 100 }],
    }),
    // The first is the empty Worker that `secret bulk` makes to hold the secrets.
    versions: json([
      {
        id: "44444444-0000-4000-8000-000000000004",
        annotations: { "workers/triggered_by": "version_upload" },
      },
      {
        id: version,
        annotations: { "workers/triggered_by": "version_upload", "workers/tag": wanted.edgeVersion },
      },
    ]),
    apps: json([{ ID: app, Name: app, Status: "deployed", Deployed: true, Hostname: `${app}.fly.dev` }], 4),
    appSecrets: json(
      [
        "CALLBACK_SECRET",
        "OPENAI_API_KEY",
        "CLOUDFLARE_API_TOKEN",
        "S3_ACCESS_KEY_ID",
        "S3_SECRET_ACCESS_KEY",
      ].map((name) => ({ name, digest: "0123456789abcdef", status: "Deployed" })),
      4,
    ),
    machines: json(
      ["m1", "m2"].map((id) => machine(id, wanted.imageVersion)),
      4,
    ),
  };
}

const d1Meta = { duration: 0, changes: 0, rows_read: 1, rows_written: 0 };

export const poolEnvironment = {
  EDGE_URL: "https://dreamreel.dreams.workers.dev",
  CLOUDFLARE_ACCOUNT_ID: accountId,
  QUEUE_STANDARD_ID: queueIds["video-standard"],
  QUEUE_PREMIUM_ID: queueIds["video-premium"],
  S3_ENDPOINT: `https://${accountId}.r2.cloudflarestorage.com`,
  S3_BUCKET: "dreamreel-media",
};

const machine = (id: string, tag: string) => ({
  id,
  name: `machine-${id}`,
  state: "stopped",
  region: "fra",
  image_ref: { registry: "registry.fly.io", repository: app, tag, digest: "sha256:0" },
  config: { env: { ...poolEnvironment, NODE_ENV: "production", PORT: "8080" } },
});

/** A table as wrangler prints it. */
export function queueTable(queues: readonly (readonly [string, string])[]): string {
  const columns = ["id", "name", "created_on", "modified_on", "producers", "consumers"];
  const rows = queues.map(([name, id]) => [
    id,
    name,
    "2026-11-22T00:00:00Z",
    "2026-11-22T00:00:00Z",
    "0",
    "1",
  ]);
  const widths = columns.map((column, i) =>
    Math.max(column.length, ...rows.map((row) => (row[i] as string).length)),
  );
  const line = (left: string, middle: string, right: string) =>
    `${left}${widths.map((width) => "─".repeat(width + 2)).join(middle)}${right}`;
  const draw = (cells: string[]) =>
    `│ ${cells.map((cell, i) => cell.padEnd(widths[i] as number)).join(" │ ")} │`;
  const body = [columns, ...rows].map(draw).join(`\n${line("├", "┼", "┤")}\n`);
  return [line("┌", "┬", "┐"), body, line("└", "┴", "┘")].join("\n");
}
