/** Reads the state of a deployment with wrangler and flyctl. Changes nothing. */
import { join } from "node:path";
import { z } from "zod";
import { type QueryDatabase, readMigrations } from "../../doctor/migrations.ts";
import { appName, type Blueprint } from "../blueprint.ts";
import type { Found } from "../found.ts";
import { type RunTool, ToolFailed } from "../tools.ts";
import { inspectApp } from "./inspect-app.ts";
import { inspectBucket } from "./inspect-bucket.ts";
import { inspectQueues } from "./inspect-queues.ts";
import { inspectWorker } from "./inspect-worker.ts";

export interface AccountSelection {
  root: string;
  /** Selects the account when the login has several. */
  accountId: string | null;
  /** The Fly app; null: the name derived from the account. */
  app: string | null;
}

/**
 * The parts of the deployment that exist.
 *
 * @throws Error that says what to do, when there is no login, the account is not clear, or the database is
 *   newer than this checkout; ToolFailed when a tool fails
 */
export async function inspectAccount(
  blueprint: Blueprint,
  place: AccountSelection,
  run: RunTool,
): Promise<Found & { appName: string }> {
  const accountId = await findAccount(place.accountId, run);
  const name = place.app ?? appName(blueprint.worker, accountId);
  const [database, bucket, queues, worker, app] = await Promise.all([
    inspectDatabase(blueprint.database, place.root, run),
    inspectBucket(blueprint.bucket, run),
    inspectQueues(blueprint, run),
    inspectWorker(blueprint.worker, run),
    inspectApp(name, run),
  ]);
  return { accountId, appName: name, database, bucket, queues, worker, app };
}

const WhoAmI = z.object({
  loggedIn: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), name: z.string() })).default([]),
});

async function findAccount(chosen: string | null, run: RunTool): Promise<string> {
  const text = await run({ tool: "wrangler", args: ["whoami", "--json"] }).catch((error: unknown) => {
    if (error instanceof ToolFailed && /"loggedIn":\s*false/.test(error.output)) return '{"loggedIn": false}';
    throw error;
  });
  const { loggedIn, accounts } = WhoAmI.parse(JSON.parse(text));
  if (!loggedIn)
    throw new Error("There is no login at Cloudflare: run npx wrangler login, or set CLOUDFLARE_API_TOKEN");
  const [first, ...others] = chosen ? accounts.filter(({ id }) => id === chosen) : accounts;
  if (first && others.length === 0) return first.id;
  const names = accounts.map(({ id, name }) => `${id} (${name})`).join(", ");
  throw new Error(
    `The Cloudflare account is not clear. Set CLOUDFLARE_ACCOUNT_ID to one of: ${names || "(the login has none)"}`,
  );
}

async function inspectDatabase(name: string, root: string, run: RunTool): Promise<Found["database"]> {
  const list = z.array(z.object({ name: z.string() }));
  const databases = list.parse(JSON.parse(await run({ tool: "wrangler", args: ["d1", "list", "--json"] })));
  if (!databases.some((database) => database.name === name)) return null;
  const { pending, unknown } = await readMigrations(queryRemote(name, run), join(root, "db", "migrations"));
  if (unknown.length > 0)
    throw new Error(
      `The database is newer than this checkout: it has ${unknown.join(", ")}. Update the checkout first.`,
    );
  return { pendingMigrations: pending };
}

/** Queries the deployed database through wrangler. */
export const queryRemote =
  (database: string, run: RunTool): QueryDatabase =>
  async (sql) => {
    const args = ["d1", "execute", database, "--remote", "--json", "--command", sql];
    const [answer] = JSON.parse(await run({ tool: "wrangler", args })) as {
      results: Record<string, unknown>[];
    }[];
    return answer?.results ?? [];
  };
