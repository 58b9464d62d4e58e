/** What a whole deployment consists of, as the repository's own files have it. */
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
  /** Pulled by the render workers. */
  queues: { standard: string; premium: string };
  deadLetterQueue: string;
  consumer: ConsumerSettings;
  /** What wrangler.toml requires of the edge. */
  edgeSecrets: readonly string[];
  /** Changes with every file that the Worker is made of; and with every file of the image. */
  edgeVersion: string;
  imageVersion: string;
}

export interface LifecycleRule {
  name: string;
  prefix: string;
  abortMultipartDays?: number;
  expireDays?: number;
}

export interface ConsumerSettings {
  batchSize: number;
  maxRetries: number;
  visibilityTimeoutSeconds: number;
  retryDelaySeconds: number;
}

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

/** @throws Error where wrangler.toml is not as the deploy needs it */
export function readBlueprint(root: string): Blueprint {
  const toml = WranglerToml.parse(parse(readFileSync(join(root, "wrangler.toml"), "utf8")));
  const [database] = toml.d1_databases;
  if (database.database_id)
    throw new Error(
      "wrangler.toml names a database_id, which belongs to one account only. Remove that line: wrangler finds the database by its name.",
    );
  return {
    worker: toml.name,
    database: database.database_name,
    bucket: toml.r2_buckets[0].bucket_name,
    lifecycle: [
      // A killed worker's parts are billed like objects and seen by nobody.
      { name: "abort-orphan-multiparts", prefix: "", abortMultipartDays: 1 },
      { name: "expire-uploads", prefix: "uploads/", expireDays: 7 },
    ],
    queues: { standard: queueOf(toml, "VIDEO_STANDARD"), premium: queueOf(toml, "VIDEO_PREMIUM") },
    deadLetterQueue: toml.queues.consumers[0].queue,
    consumer: {
      batchSize: 10,
      // D1 bounds a job's attempts; the queue shall not give up first.
      maxRetries: 100,
      // Only for who names no time of its own: the workers do at every pull.
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

/** Every queue, the dead letters' first: the others name it. */
export const listQueues = ({ queues, deadLetterQueue }: Pick<Blueprint, "queues" | "deadLetterQueue">) => [
  deadLetterQueue,
  ...Object.values(queues),
];

/** Names are unique over all of Fly: the same account always gets the same one, and nobody else does. */
export const appName = (worker: string, accountId: string) =>
  `${worker}-worker-${createHash("sha256").update(accountId).digest("hex").slice(0, 8)}`;
