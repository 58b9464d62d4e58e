/** The one file of the worker that reads the environment. */
import { availableParallelism, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Environment, parseSection } from "./environment.ts";
import { type Providers, parseProviders } from "./providers.ts";
import { parseSigningIdentity, type SigningIdentity } from "./signing-identity.ts";

export interface Config {
  workerId: string;
  region: string;
  /** The address to listen on. Null: every address of the machine. */
  host: string | null;
  port: number;
  /** The port of /metrics, which no service exposes. Null: the metrics are not served. */
  metricsPort: number | null;
  /** Jobs that run at the same time. */
  concurrency: number;
  /** ffmpeg encoders that run at the same time, over all jobs. */
  encoders: number;
  scratchDir: string;
  edgeUrl: string;
  callbackSecret: string;
  /** The process exits with 0 after so many milliseconds without work; 0 means never. */
  idleExitMs: number;
  /**
   * The time a stopping worker has to finish its jobs or to hand them back. Must be below Fly's kill_timeout.
   */
  stopDeadlineMs: number;
  /**
   * The time a running purchase gets to end and to be stored after its attempt was told to stop. A picture
   * takes 20 to 40 s, and a call that is cut off is paid for and lost.
   *
   * Jobs may run on for the first half of the stop deadline; this is the second half without the time that
   * storing, settling and handing back take. With 110 s (fly.worker.toml) a picture has 49 s even if its call
   * began in the last moment of the first half.
   */
  purchaseGraceMs: number;
  queue: { accountId: string; apiToken: string; baseUrl: string; standardId: string; premiumId: string };
  storage: { endpoint: string; region: string; bucket: string; accessKeyId: string; secretAccessKey: string };
  providers: Providers;
  /** Signs content credentials. Null: the process makes a local identity. */
  signing: SigningIdentity | null;
  logLevel: string;
}

/** The time to store a last picture, to settle it with the ledger and to hand the job back. */
const handBackMs = 6_000;

/**
 * The whole configuration, checked once at the start.
 *
 * @throws ConfigError naming every wrong variable of the first section that has one
 */
export function parseConfig(env: Environment): Config {
  const worker = parseSection(env, "", {
    EDGE_URL: z.url(),
    CALLBACK_SECRET: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, { error: "must be whsec_ and base64 of 24 to 64 bytes" }),
    LISTEN_HOST: z.string().min(1).optional(),
    PORT: z.coerce.number().int().min(0).max(65_535).default(8790),
    METRICS_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    WORKER_ID: z
      .string()
      .max(128)
      .default(env.FLY_MACHINE_ID ?? `${hostname()}-${process.pid}`),
    FLY_REGION: z.string().default("local"),
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(32).default(2),
    WORKER_ENCODERS: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
    SCRATCH_DIR: z.string().default(join(tmpdir(), "dreamreel")),
    STOP_DEADLINE_SECONDS: z.coerce.number().min(1).max(295).default(25),
    IDLE_EXIT_SECONDS: z.coerce.number().min(0).default(0),
    LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
  });
  const cloudflare = parseSection(env, "CLOUDFLARE_", {
    ACCOUNT_ID: z.string(),
    API_TOKEN: z.string(),
    API_BASE_URL: z.url().default("https://api.cloudflare.com/client/v4"),
  });
  const queues = parseSection(env, "QUEUE_", { STANDARD_ID: z.string(), PREMIUM_ID: z.string() });
  const s3 = parseSection(env, "S3_", {
    ENDPOINT: z.url(),
    REGION: z.string().default("auto"),
    BUCKET: z.string().default("dreamreel-media"),
    ACCESS_KEY_ID: z.string(),
    SECRET_ACCESS_KEY: z.string(),
  });
  return {
    workerId: worker.WORKER_ID,
    region: worker.FLY_REGION,
    host: worker.LISTEN_HOST ?? null,
    port: worker.PORT,
    metricsPort: worker.METRICS_PORT ?? null,
    concurrency: worker.WORKER_CONCURRENCY,
    encoders: worker.WORKER_ENCODERS,
    scratchDir: worker.SCRATCH_DIR,
    edgeUrl: worker.EDGE_URL,
    callbackSecret: worker.CALLBACK_SECRET,
    stopDeadlineMs: worker.STOP_DEADLINE_SECONDS * 1000,
    purchaseGraceMs: Math.max(1_000, worker.STOP_DEADLINE_SECONDS * 500 - handBackMs),
    idleExitMs: worker.IDLE_EXIT_SECONDS * 1000,
    queue: {
      accountId: cloudflare.ACCOUNT_ID,
      apiToken: cloudflare.API_TOKEN,
      baseUrl: cloudflare.API_BASE_URL,
      standardId: queues.STANDARD_ID,
      premiumId: queues.PREMIUM_ID,
    },
    storage: {
      endpoint: s3.ENDPOINT,
      region: s3.REGION,
      bucket: s3.BUCKET,
      accessKeyId: s3.ACCESS_KEY_ID,
      secretAccessKey: s3.SECRET_ACCESS_KEY,
    },
    providers: parseProviders(env),
    signing: parseSigningIdentity(env, Date.now()),
    logLevel: worker.LOG_LEVEL,
  };
}
