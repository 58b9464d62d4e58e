import type { ConsumerSettings, CorsRule } from "./blueprint.ts";

/** The parts of a deployment that exist in an account. */
export interface Found {
  accountId: string;
  database: { pendingMigrations: readonly string[] } | null;
  bucket: { rules: readonly FoundRule[]; cors: readonly CorsRule[] } | null;
  queues: ReadonlyMap<string, FoundQueue>;
  worker: FoundWorker | null;
  app: FoundApp | null;
}

export interface FoundQueue {
  id: string;
  consumer: { type: string; settings: ConsumerSettings; deadLetterQueue: string | null } | null;
}

/** A rule in the words of `wrangler r2 bucket lifecycle list`. */
export interface FoundRule {
  name: string;
  enabled: string;
  prefix: string;
  action: string;
}

export interface FoundWorker {
  secrets: readonly string[];
  /** The tag of the version that serves all requests, or null. */
  version: string | null;
}

export interface FoundApp {
  secrets: readonly { name: string; deployed: boolean }[];
  machines: readonly { id: string; state: string; image: string; env: Record<string, string> }[];
}
