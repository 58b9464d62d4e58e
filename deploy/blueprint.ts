/** The parts of a deployment, read from the repository's files. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { z } from "zod";
import { hashFiles } from "./hash-files.ts";

export interface Blueprint {
  worker: string;
  database: string;
  bucket: string;
  lifecycle: readonly LifecycleRule[];
  /** Which pages may upload to the bucket, and with which headers. */
  cors: CorsRule;
  /** The queues that the render workers pull. */
  queues: { standard: string; premium: string };
  deadLetterQueue: string;
  consumer: ConsumerSettings;
  /** The edge's secrets that wrangler.toml requires. */
  edgeSecrets: readonly string[];
  /** A hash of the Worker's source files. */
  edgeVersion: string;
  /** A hash of the image's source files. */
  imageVersion: string;
}

export interface LifecycleRule {
  name: string;
  prefix: string;
  abortMultipartDays?: number;
  expireDays?: number;
}

export interface CorsRule {
  origins: readonly string[];
  methods: readonly string[];
  headers: readonly string[];
}

export interface ConsumerSettings {
  batchSize: number;
  maxRetries: number;
  visibilityTimeoutSeconds: number;
  retryDelaySeconds: number;
}

/**
 * The file that `wrangler r2 bucket cors set` takes. Every origin may upload, as every origin may call the
 * API: an upload needs a signed address, and the browser sends no cookie.
 */
export const corsFile = "deploy/bucket-cors.json";

const Cors = z.object({
  rules: z.tuple([
    z.object({
      allowed: z.object({
        origins: z.array(z.string()),
        methods: z.array(z.string()),
        headers: z.array(z.string()),
      }),
    }),
  ]),
});

const WranglerToml = z.object({
  name: z.string(),
  secrets: z.object({ required: z.array(z.string()) }),
  d1_databases: z.tuple([z.object({ database_name: z.string(), database_id: z.string().optional() })]),
  r2_buckets: z.tuple([z.object({ bucket_name: z.string() })]),
  queues: z.object({
    producers: z.array(z.object({ binding: z.string(), queue: z.string() })),
    consumers: z.tuple([z.object({ queue: z.string() })]),
  }),
});

/**
 * Reads the deployment's parts.
 * @throws Error when wrangler.toml lacks a part, or names a database_id
 */
export function readBlueprint(root: string): Blueprint {
  const toml = WranglerToml.parse(parse(readFileSync(join(root, "wrangler.toml"), "utf8")));
  const [database] = toml.d1_databases;
  if (database.database_id)
    throw new Error(
      "wrangler.toml has a database_id, which is valid for one account only. Remove that line: " +
        "wrangler finds the database by its name.",
    );
  return {
    worker: toml.name,
    database: database.database_name,
    bucket: toml.r2_buckets[0].bucket_name,
    lifecycle: [
      // The parts of a killed worker's upload cost storage and appear in no listing.
      { name: "abort-orphan-multiparts", prefix: "", abortMultipartDays: 1 },
      { name: "expire-uploads", prefix: "uploads/", expireDays: 7 },
    ],
    cors: Cors.parse(JSON.parse(readFileSync(join(root, corsFile), "utf8"))).rules[0].allowed,
    queues: { standard: queueOf(toml, "VIDEO_STANDARD"), premium: queueOf(toml, "VIDEO_PREMIUM") },
    deadLetterQueue: toml.queues.consumers[0].queue,
    consumer: {
      batchSize: 10,
      // D1 bounds a job's attempts, so the queue must not give up before D1 does.
      maxRetries: 100,
      // The default. The workers set their own time at every pull.
      visibilityTimeoutSeconds: 300,
      retryDelaySeconds: 5,
    },
    edgeSecrets: toml.secrets.required,
    edgeVersion: hashFiles(root, ["edge", "web", "contract", "db", "wrangler.toml", "package-lock.json"]),
    imageVersion: hashFiles(root, [
      ...["Dockerfile", ".dockerignore", "fly.worker.toml", "package.json", "package-lock.json"],
      ...["contract", "render-worker", "doctor"],
    ]),
  };
}

function queueOf({ queues }: z.infer<typeof WranglerToml>, binding: string): string {
  const producer = queues.producers.find((candidate) => candidate.binding === binding);
  if (!producer) throw new Error(`wrangler.toml binds no queue as ${binding}`);
  return producer.queue;
}

/** Every queue, the dead letter queue first, because the others refer to it. */
export const listQueues = ({ queues, deadLetterQueue }: Pick<Blueprint, "queues" | "deadLetterQueue">) => [
  deadLetterQueue,
  ...Object.values(queues),
];

/** The Fly app's name. Names are unique on Fly, so it contains a hash of the Cloudflare account. */
export const appName = (worker: string, accountId: string) =>
  `${worker}-worker-${createHash("sha256").update(accountId).digest("hex").slice(0, 8)}`;
