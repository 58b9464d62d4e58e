import type { ConsumerSettings } from "./blueprint.ts";

/** What an account holds of a deployment. */
export interface Found {
  accountId: string;
  database: { pendingMigrations: readonly string[] } | null;
  bucket: { rules: readonly FoundRule[] } | null;
  queues: ReadonlyMap<string, FoundQueue>;
  worker: FoundWorker | null;
  app: FoundApp | null;
}

export interface FoundQueue {
  id: string;
  consumer: { type: string; settings: ConsumerSettings; deadLetterQueue: string | null } | null;
}

/** As `wrangler r2 bucket lifecycle list` words it. */
export interface FoundRule {
  name: string;
  enabled: string;
  prefix: string;
  action: string;
}

export interface FoundWorker {
  secrets: readonly string[];
  /** The tag of the version that all requests go to, or null. */
  version: string | null;
}

export interface FoundApp {
  secrets: readonly { name: string; deployed: boolean }[];
  machines: readonly { id: string; state: string; image: string; env: Record<string, string> }[];
}
