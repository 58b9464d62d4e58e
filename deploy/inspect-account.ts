/** Reads the state of a deployment with wrangler and flyctl. Changes nothing. */
import { join } from "node:path";
import { z } from "zod";
import { type QueryDatabase, readMigrations } from "../doctor/migrations.ts";
import { appName, type Blueprint, type CorsRule, listQueues } from "./blueprint.ts";
import type { Found, FoundApp, FoundQueue, FoundRule, FoundWorker } from "./found.ts";
import { type RunTool, ToolFailed } from "./tools.ts";

export interface AccountSelection {
  root: string;
  /** Selects the account when the login has several. */
  accountId: string | null;
  /** The Fly app; null: the name derived from the account. */
  app: string | null;
}

/**
 * The parts of the deployment that exist.
 * @throws Error that says what to do, when there is no login, the account is not clear, or the database is
 *   newer than this
 *   checkout; ToolFailed when a tool fails
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

async function inspectBucket(bucket: string, run: RunTool): Promise<Found["bucket"]> {
  const list = await run({ tool: "wrangler", args: ["r2", "bucket", "list"] });
  const names = [...list.matchAll(/^name:\s+(\S+)$/gm)].map((match) => match[1]);
  if (!names.includes(bucket)) return null;
  const read = (what: string) => run({ tool: "wrangler", args: ["r2", "bucket", what, "list", bucket] });
  return { rules: readRules(await read("lifecycle")), cors: readCors(await read("cors").catch(noCors)) };
}

/** Cloudflare answers 404 for a bucket that never had a CORS rule. */
function noCors(error: unknown): string {
  if (error instanceof ToolFailed && /code: 10059|CORS configuration does not exist/i.test(error.output))
    return "";
  throw error;
}

/** Each rule is a block of "key:  value" lines too, with lists separated by commas. */
const readCors = (text: string): CorsRule[] =>
  text.split(/\n\s*\n|\n(?=allowed_origins:)/).flatMap((block) => {
    const list = (key: string) =>
      new RegExp(`^allowed_${key}:\\s+(.*)$`, "m").exec(block)?.[1]?.split(", ") ?? [];
    const rule = { origins: list("origins"), methods: list("methods"), headers: list("headers") };
    return rule.origins.length === 0 ? [] : [rule];
  });

/** wrangler has no JSON output for rules: each is a block of "key:  value" lines. */
function readRules(text: string): FoundRule[] {
  const blocks = text
    .split(/\n\s*\n/)
    .map((block) =>
      Object.fromEntries(
        [...block.matchAll(/^(name|enabled|prefix|action):\s+(.*)$/gm)].map(([, key, value]) => [key, value]),
      ),
    );
  return z
    .array(z.object({ name: z.string(), enabled: z.string(), prefix: z.string(), action: z.string() }))
    .parse(blocks.filter((block) => block.name !== undefined));
}

const Consumer = z.object({
  type: z.string(),
  dead_letter_queue: z.string().nullish(),
  settings: z.object({
    batch_size: z.number().nullish(),
    max_retries: z.number().nullish(),
    visibility_timeout_ms: z.number().nullish(),
    retry_delay: z.number().nullish(),
  }),
});

async function inspectQueues(blueprint: Blueprint, run: RunTool): Promise<Map<string, FoundQueue>> {
  const ids = await listQueueIds(run);
  const look = async (name: string): Promise<[string, FoundQueue][]> => {
    const id = ids.get(name);
    if (!id) return [];
    const text = await run({ tool: "wrangler", args: ["queues", "consumer", "list", name, "--json"] });
    const [consumer] = z.array(Consumer).parse(JSON.parse(text));
    return [[name, { id, consumer: consumer ? readConsumer(consumer) : null }]];
  };
  return new Map((await Promise.all(listQueues(blueprint).map(look))).flat());
}

/** The ids of the account's queues, by name. */
export const listQueueIds = async (run: RunTool) =>
  readQueueIds(await run({ tool: "wrangler", args: ["queues", "list"] }));

/** `wrangler queues list` prints a table: the id in the first column, the name in the second. */
const readQueueIds = (table: string) =>
  new Map(
    [...table.matchAll(/│ ([0-9a-f]{32}) +│ (\S+) +│/g)].map(([, id, name]) => [
      name as string,
      id as string,
    ]),
  );

const readConsumer = ({
  type,
  settings,
  dead_letter_queue,
}: z.infer<typeof Consumer>): FoundQueue["consumer"] => ({
  type,
  deadLetterQueue: dead_letter_queue || null,
  settings: {
    batchSize: settings.batch_size ?? 0,
    maxRetries: settings.max_retries ?? 0,
    visibilityTimeoutSeconds: (settings.visibility_timeout_ms ?? 0) / 1000,
    retryDelaySeconds: settings.retry_delay ?? 0,
  },
});

async function inspectWorker(name: string, run: RunTool): Promise<FoundWorker | null> {
  const secrets = await run({ tool: "wrangler", args: ["secret", "list", "--name", name] }).catch(
    nullIfMissing,
  );
  if (secrets === null) return null;
  return {
    secrets: z
      .array(z.object({ name: z.string() }))
      .parse(JSON.parse(secrets))
      .map((secret) => secret.name),
    version: await findVersion(name, run),
  };
}

const Deployment = z.object({
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
});
const Versions = z.array(
  z.object({ id: z.string(), annotations: z.record(z.string(), z.string().optional()).optional() }),
);

/**
 * The deploy's tag of the live version. Null when there is none, or when several versions share the requests.
 */
async function findVersion(name: string, run: RunTool): Promise<string | null> {
  const args = (...words: string[]) => ({
    tool: "wrangler" as const,
    args: [...words, "--name", name, "--json"],
  });
  const deployment = await run(args("deployments", "status")).catch(nullIfMissing);
  if (deployment === null) return null;
  const live = Deployment.safeParse(JSON.parse(deployment)).data?.versions.find(
    ({ percentage }) => percentage === 100,
  );
  const versions = Versions.parse(JSON.parse(await run(args("versions", "list"))));
  return versions.find(({ id }) => id === live?.version_id)?.annotations?.["workers/tag"] ?? null;
}

/** wrangler has no command that tests for a Worker or a deployment, so its error message has to serve. */
function nullIfMissing(error: unknown): null {
  if (
    error instanceof ToolFailed &&
    /not found|does not exist|no deployments|code: 10007/i.test(error.output)
  )
    return null;
  throw error;
}

const Apps = z.array(z.object({ Name: z.string() }));
const Secrets = z.array(
  z
    .object({ name: z.string(), status: z.string().default("Deployed") })
    .transform(({ name, status }) => ({ name, deployed: status !== "Staged" && status !== "Partial" })),
);
const Machines = z.array(
  z.object({
    id: z.string(),
    state: z.string(),
    image_ref: z.object({ tag: z.string().default("") }),
    config: z.object({ env: z.record(z.string(), z.string()).default({}) }),
  }),
);

async function inspectApp(name: string, run: RunTool): Promise<FoundApp | null> {
  const ask = async (...args: string[]) =>
    JSON.parse(await run({ tool: "flyctl", args: [...args, "--json"] }));
  const apps = Apps.parse((await ask("apps", "list")) ?? []);
  if (!apps.some((app) => app.Name === name)) return null;
  const [secrets, machines] = await Promise.all([
    ask("secrets", "list", "--app", name),
    ask("machine", "list", "--app", name),
  ]);
  return {
    secrets: Secrets.parse(secrets ?? []),
    machines: Machines.parse(machines ?? [])
      .filter(({ state }) => !state.startsWith("destroy"))
      .map(({ id, state, image_ref, config }) => ({
        ...{ id, state, image: image_ref.tag, env: config.env },
      })),
  };
}
