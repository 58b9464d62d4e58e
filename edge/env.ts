/**
 * What Cloudflare gives the Worker: the bindings of wrangler.toml, and secrets. Only this file reads
 * secrets.
 */

import { type Prices, readPrices as parsePrices } from "../contract/prices.ts";
import { readTranscriptionPrices as parseTranscriptionPrices } from "../contract/transcription.ts";
import type { MinutePrices } from "../contract/voices/paid-voice.ts";
import { ApiError } from "./errors/api-error.ts";

type Generated = Cloudflare.Env;
/** Variables that wrangler's types declare as present; the functions below check them. */
type Configured = "OWNER_DAILY_BUDGET_USD" | "CALLBACK_SECRETS" | "PLAYBACK_SECRET" | "ADMIN_KEY";

/** The bindings as wrangler generates them from wrangler.toml, and the variables that may be absent. */
export interface Env extends Omit<Generated, Configured> {
  /** `off`: no caller is counted. Only for a laptop. */
  RATE_LIMITS?: string;
  /** The limits of one owner: edge/store/owner-limits.ts declares them. */
  ACTIVE_JOBS?: string;
  [ownerLimit: `OWNER_${string}`]: string | undefined;
  /** `1`: webhooks may go to http and to private addresses. Only for a laptop. */
  WEBHOOKS_ALLOW_PRIVATE?: string;
  /**
   * The DNS over HTTPS server, answering JSON, that is asked for a webhook's addresses before each message.
   */
  WEBHOOKS_DNS_URL?: string;
  /**
   * The address that wakes a machine of the pool: `https://<app>.fly.dev/wake`. Without it workers only
   * poll.
   */
  WORKER_WAKE_URL?: string;
  /**
   * Films, and the logs of ended jobs, are removed this many days after the job's end; assets this many days
   * after their purchase. 0 or absent: kept.
   */
  FILM_KEEP_DAYS?: string;
  LOG_KEEP_DAYS?: string;
  ASSET_KEEP_DAYS?: string;
  /** Origins that may call: `*`, the default, or origins separated by spaces. */
  CORS_ORIGINS?: string;
  /**
   * The daily budget (UTC) of an owner for AI providers, in US dollars. Empty: no limit. An owner's own
   * budget has precedence.
   */
  OWNER_DAILY_BUDGET_USD?: string;
  /**
   * One or two `whsec_…`, separated by a space, with which workers sign. Two while one is being replaced.
   */
  CALLBACK_SECRETS?: string;
  /** One or two secrets of at least 32 characters: the first signs film addresses, both open them. */
  PLAYBACK_SECRET?: string;
  /** At least 16 characters. It opens the admin endpoints. */
  ADMIN_KEY?: string;
  /** The media bucket over the S3 protocol, for addresses to which clients upload recordings. */
  S3_ENDPOINT?: string;
  S3_BUCKET?: string;
  S3_ACCESS_KEY_ID?: string;
  S3_SECRET_ACCESS_KEY?: string;
}

export interface Secrets {
  callback: readonly string[];
  playback: readonly [string, ...string[]];
  admin: string;
}

const known = new WeakMap<Env, Secrets>();

/**
 * The Worker's secrets, checked.
 *
 * @throws ApiError `setup.incomplete`, which names the variable that is missing or malformed and never its
 * value
 */
export function readSecrets(env: Env): Secrets {
  const before = known.get(env);
  if (before) return before;
  const [signing, ...older] = words(env.PLAYBACK_SECRET);
  const callback = words(env.CALLBACK_SECRETS);
  const wellFormed = {
    CALLBACK_SECRETS: callback.length > 0 && callback.every((secret) => callbackSecret.test(secret)),
    PLAYBACK_SECRET: [signing, ...older].every((secret) => secret !== undefined && secret.length >= 32),
    ADMIN_KEY: (env.ADMIN_KEY?.length ?? 0) >= 16,
  };
  for (const [name, fine] of Object.entries(wellFormed)) {
    if (!fine) {
      throw new ApiError("setup.incomplete", {
        detail: `The secret ${name} is missing or malformed. ${shapes[name as keyof typeof shapes]}`,
      });
    }
  }
  const secrets: Secrets = {
    callback,
    playback: [signing as string, ...older],
    admin: env.ADMIN_KEY as string,
  };
  known.set(env, secrets);
  return secrets;
}

/**
 * The prices of AI providers, from the same variables that workers read. @throws ApiError `setup.incomplete`
 */
export function readPrices(env: Env): Prices {
  try {
    return parsePrices(env as unknown as Record<string, unknown>);
  } catch {
    throw new ApiError("setup.incomplete", {
      detail: "One of the variables TEXT_PRICE_…, PICTURE_… or VOICE_PRICE_… must be numbers of 0 or more.",
    });
  }
}

/** What a minute of transcription costs. @throws ApiError `setup.incomplete` */
export function readTranscriptionPrices(env: Env): MinutePrices {
  try {
    return parseTranscriptionPrices(env as unknown as Record<string, unknown>);
  } catch {
    throw new ApiError("setup.incomplete", {
      detail: "The variable TRANSCRIPTION_PRICE_PER_MINUTE must be a number of 0 or more.",
    });
  }
}

/** The media bucket over the S3 protocol. */
export interface ObjectStore {
  endpoint: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

/** Where clients upload recordings. @throws ApiError `setup.incomplete`, which names the missing variable */
export function readObjectStore(env: Env): ObjectStore {
  const read = (name: "S3_ENDPOINT" | "S3_ACCESS_KEY_ID" | "S3_SECRET_ACCESS_KEY") => {
    const value = env[name];
    if (value) return value;
    throw new ApiError("setup.incomplete", {
      detail: `The variable ${name} is missing: nothing can be uploaded.`,
    });
  };
  return {
    endpoint: read("S3_ENDPOINT"),
    bucket: env.S3_BUCKET || "dreamreel-media",
    accessKeyId: read("S3_ACCESS_KEY_ID"),
    secretAccessKey: read("S3_SECRET_ACCESS_KEY"),
  };
}

/**
 * The default daily budget of an owner in millionths of a dollar; null: no limit.
 *
 * @throws ApiError `setup.incomplete`, because a malformed amount must not mean no limit
 */
export function readDailyBudget(env: Env): number | null {
  const text = env.OWNER_DAILY_BUDGET_USD?.trim() ?? "";
  if (text === "") return null;
  const usd = Number(text);
  if (Number.isFinite(usd) && usd >= 0) return Math.round(usd * 1e6);
  throw new ApiError("setup.incomplete", {
    detail: "The variable OWNER_DAILY_BUDGET_USD must be an amount of US dollars or empty.",
  });
}

const callbackSecret = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

const shapes = {
  CALLBACK_SECRETS: "It holds one or two whsec_ and base64 of 24 to 64 bytes, separated by a space.",
  PLAYBACK_SECRET: "It holds one or two secrets of at least 32 characters, separated by a space.",
  ADMIN_KEY: "It holds at least 16 characters.",
} as const;

const words = (text: string | undefined) => text?.split(/\s+/).filter((word) => word !== "") ?? [];
