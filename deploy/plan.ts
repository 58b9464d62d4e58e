/** What has to be done so that what is there becomes what is wanted. Pure: it only reads and returns. */
import { type Blueprint, type ConsumerSettings, type LifecycleRule, listQueues } from "./blueprint.ts";
import type { Found, FoundQueue, FoundRule } from "./found.ts";
import type { SecretsToSet } from "./secrets.ts";
import type { Command } from "./tools.ts";

export interface Step {
  what: string;
  /** What earlier steps find out is `facts`; before they ran it holds words in angle brackets. */
  command(facts: Facts): Command;
  /** It is there, in another version than this checkout's. */
  isUpdate?: true;
  /** What is known once it is done. */
  teaches?: "queueIds" | "edgeUrl";
}

/** What is only known once its step is done. */
export interface Facts {
  queueIds: ReadonlyMap<string, string>;
  edgeUrl: string | null;
}

export interface Wish {
  appName: string;
  /** Fly's organization, for a new app. */
  org: string;
  /** Instead of fly.worker.toml's. */
  region: string | null;
  /** Null: at least two, and never fewer than there are. */
  machines: number | null;
  /** Instead of the address that wrangler tells. */
  edgeUrl: string | null;
}

const usualMachines = 2;
/** A bucket that holds something can not be deleted: this rule of the destroy empties it first. */
export const emptyingRule = "expire-everything";
const flyConfig = "fly.worker.toml";

export function plan(blueprint: Blueprint, found: Found, wish: Wish, secrets: SecretsToSet): Step[] {
  return [
    ...planStores(blueprint, found),
    ...planQueues(blueprint, found),
    ...planEdge(blueprint, found, wish, secrets),
    ...planPool(blueprint, found, wish, secrets),
    ...setEdgeSecrets(
      "Let the edge forget the secrets that were replaced",
      secrets.edgeAfterwards,
      blueprint,
    ),
  ];
}

function planStores({ database, bucket, lifecycle }: Blueprint, found: Found): Step[] {
  const steps: Step[] = [];
  if (!found.database)
    steps.push(step(`Create the database ${database}`, "wrangler", ["d1", "create", database]));
  if (!found.bucket)
    steps.push(step(`Create the bucket ${bucket}`, "wrangler", ["r2", "bucket", "create", bucket]));
  // What an earlier destroy left, with which new films would be gone in a day.
  if (found.bucket?.rules.some(({ name }) => name === emptyingRule))
    steps.push(removeRule(bucket, emptyingRule, "which empties it"));
  for (const rule of lifecycle) {
    const there = found.bucket?.rules.find(({ name }) => name === rule.name);
    if (there && isSameRule(there, rule)) continue;
    if (there) steps.push(removeRule(bucket, rule.name, "which differs"));
    steps.push(step(`Add the bucket's rule ${rule.name}`, "wrangler", ruleArgs(bucket, rule)));
  }
  return steps;
}

const removeRule = (bucket: string, name: string, why: string) =>
  step(`Remove the bucket's rule ${name}, ${why}`, "wrangler", [
    ...["r2", "bucket", "lifecycle", "remove", bucket, "--name", name],
  ]);

function ruleArgs(bucket: string, { name, prefix, abortMultipartDays, expireDays }: LifecycleRule): string[] {
  return [
    ...["r2", "bucket", "lifecycle", "add", bucket, name, ...(prefix === "" ? [] : [prefix])],
    ...(abortMultipartDays === undefined ? [] : ["--abort-multipart-days", String(abortMultipartDays)]),
    ...(expireDays === undefined ? [] : ["--expire-days", String(expireDays)]),
    "--force",
  ];
}

function isSameRule(found: FoundRule, { prefix, abortMultipartDays, expireDays }: LifecycleRule): boolean {
  const actions = [
    ...(expireDays === undefined ? [] : [`Expire objects after ${expireDays} days`]),
    ...(abortMultipartDays === undefined
      ? []
      : [`Abort incomplete multipart uploads after ${abortMultipartDays} days`]),
  ];
  return (
    found.enabled === "Yes" &&
    found.prefix === (prefix || "(all prefixes)") &&
    found.action === actions.join(", ")
  );
}

function planQueues({ queues, deadLetterQueue, consumer }: Blueprint, found: Found): Step[] {
  const steps: Step[] = [];
  const missing = listQueues({ queues, deadLetterQueue }).filter((name) => !found.queues.has(name));
  for (const [index, name] of missing.entries()) {
    const create = step(`Create the queue ${name}`, "wrangler", ["queues", "create", name]);
    steps.push(index === missing.length - 1 ? { ...create, teaches: "queueIds" } : create);
  }
  for (const name of Object.values(queues)) {
    const there = found.queues.get(name)?.consumer ?? null;
    if (there && isSameConsumer(there, deadLetterQueue, consumer)) continue;
    if (there?.type === "worker")
      throw new Error(
        `A Worker consumes the queue ${name}, so nothing can be pulled from it. Detach it first.`,
      );
    // A consumer can not be changed. Its messages wait for the next one.
    if (there) {
      const args = ["queues", "consumer", "http", "remove", name];
      steps.push(step(`Remove the pull consumer of ${name}, which has other settings`, "wrangler", args));
    }
    steps.push(
      step(`Let ${name} be pulled over HTTP`, "wrangler", [
        ...["queues", "consumer", "http", "add", name],
        ...["--batch-size", String(consumer.batchSize), "--message-retries", String(consumer.maxRetries)],
        ...["--dead-letter-queue", deadLetterQueue],
        ...["--visibility-timeout-secs", String(consumer.visibilityTimeoutSeconds)],
        ...["--retry-delay-secs", String(consumer.retryDelaySeconds)],
      ]),
    );
  }
  return steps;
}

function isSameConsumer(
  there: NonNullable<FoundQueue["consumer"]>,
  deadLetterQueue: string,
  consumer: ConsumerSettings,
): boolean {
  const keys = Object.keys(consumer) as (keyof ConsumerSettings)[];
  return (
    there.type === "http_pull" &&
    there.deadLetterQueue === deadLetterQueue &&
    keys.every((key) => there.settings[key] === consumer[key])
  );
}

function planEdge(blueprint: Blueprint, found: Found, wish: Wish, secrets: SecretsToSet): Step[] {
  const steps = setEdgeSecrets("Set the edge's secrets", secrets.edge, blueprint);
  const { deadLetterQueue } = blueprint;
  const deadLetters = found.queues.get(deadLetterQueue)?.consumer?.type;
  if (deadLetters === "http_pull") {
    const args = ["queues", "consumer", "http", "remove", deadLetterQueue];
    steps.push(
      step(`Remove the pull consumer of ${deadLetterQueue}, which the Worker reads`, "wrangler", args),
    );
  }
  const pending = found.database?.pendingMigrations;
  // Before the code that needs them: a migration only adds what the running version does not mind.
  if (pending === undefined || pending.length > 0) {
    const what = `Apply ${pending === undefined ? "every migration" : pending.join(", ")}`;
    steps.push(step(what, "wrangler", ["d1", "migrations", "apply", blueprint.database, "--remote"]));
  }
  const isLive = found.worker?.version === blueprint.edgeVersion;
  const isReading = deadLetters === "worker";
  if (!isLive || !isReading || knownEdgeUrl(found, wish) === null) {
    const why = !isLive ? "" : isReading ? ", which tells its address" : `, which reads ${deadLetterQueue}`;
    const args = [
      "deploy",
      "--tag",
      blueprint.edgeVersion,
      "--message",
      `npm run deploy ${blueprint.edgeVersion}`,
      // No secret: it only answers to who signs.
      "--var",
      `WORKER_WAKE_URL:https://${wish.appName}.fly.dev/wake`,
    ];
    steps.push({
      ...step(`Deploy the Worker ${blueprint.worker}${why}`, "wrangler", args),
      ...(found.worker?.version && !isLive ? { isUpdate: true } : {}),
      teaches: "edgeUrl",
    });
  }
  return steps;
}

/** The pool knows the edge's address; there is no way to ask wrangler for it without a deploy. */
export const knownEdgeUrl = ({ app }: Pick<Found, "app">, wish: Pick<Wish, "edgeUrl">): string | null =>
  wish.edgeUrl ?? app?.machines.find(({ env }) => env.EDGE_URL)?.env.EDGE_URL ?? null;

function setEdgeSecrets(what: string, secrets: Record<string, string>, { worker }: Blueprint): Step[] {
  const names = Object.keys(secrets);
  if (names.length === 0) return [];
  const command: Command = {
    tool: "wrangler",
    args: ["secret", "bulk", "--name", worker],
    secrets: { names, text: JSON.stringify(secrets) },
  };
  return [{ what: `${what}: ${names.join(", ")}`, command: () => command }];
}

function planPool(blueprint: Blueprint, found: Found, wish: Wish, secrets: SecretsToSet): Step[] {
  const { appName } = wish;
  const machines = found.app?.machines ?? [];
  const names = Object.keys(secrets.app);
  const steps: Step[] = [];
  if (!found.app)
    steps.push(
      step(`Create the Fly app ${appName}`, "flyctl", ["apps", "create", appName, "--org", wish.org]),
    );
  if (names.length > 0) {
    const lines = names.map((name) => `${name}=${secrets.app[name]}\n`).join("");
    const args = ["secrets", "import", "--app", appName, "--stage"];
    const command: Command = { tool: "flyctl", args, secrets: { names, text: lines } };
    steps.push({ what: `Set the pool's secrets: ${names.join(", ")}`, command: () => command });
  }
  const env = (facts: Facts) => poolEnvironment(blueprint, found, facts, wish);
  const staged = found.app?.secrets.some(({ deployed }) => !deployed);
  const behind = machines.some((machine) => machine.image !== blueprint.imageVersion);
  const differs = machines.some((machine) => !holds(machine.env, env(factsOf(found, wish))));
  if (machines.length === 0 || names.length > 0 || staged || behind || differs)
    steps.push({
      what: `Build the image ${blueprint.imageVersion} and put it on the pool`,
      ...(behind && !staged && !differs && names.length === 0 ? { isUpdate: true } : {}),
      command: (facts) => ({
        tool: "flyctl",
        args: [
          ...["deploy", "--app", appName, "--config", flyConfig, "--image-label", blueprint.imageVersion],
          // One machine at first: how many there are is said below.
          ...["--ha=false", "--yes", ...(wish.region ? ["--primary-region", wish.region] : [])],
          ...Object.entries(env(facts)).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ],
      }),
    });
  const wanted = wish.machines ?? Math.max(usualMachines, machines.length);
  if (wanted !== Math.max(1, machines.length)) {
    const args = ["scale", "count", String(wanted), "--app", appName, "--config", flyConfig, "--yes"];
    steps.push(step(`Let the pool have ${wanted} machines`, "flyctl", args));
  }
  return steps;
}

/** What depends on the account, and is no secret. */
function poolEnvironment(
  { bucket, queues }: Blueprint,
  found: Found,
  facts: Facts,
  wish: Wish,
): Record<string, string> {
  const queueId = (name: string) => facts.queueIds.get(name) ?? `<id of ${name}>`;
  return {
    EDGE_URL: wish.edgeUrl ?? facts.edgeUrl ?? "<address of the Worker>",
    CLOUDFLARE_ACCOUNT_ID: found.accountId,
    QUEUE_STANDARD_ID: queueId(queues.standard),
    QUEUE_PREMIUM_ID: queueId(queues.premium),
    S3_ENDPOINT: `https://${found.accountId}.r2.cloudflarestorage.com`,
    S3_BUCKET: bucket,
  };
}

const holds = (env: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([name, value]) => env[name] === value);

export const factsOf = (found: Pick<Found, "queues" | "app">, wish: Pick<Wish, "edgeUrl">): Facts => ({
  queueIds: new Map([...found.queues].map(([name, { id }]) => [name, id])),
  edgeUrl: knownEdgeUrl(found, wish),
});

function step(what: string, tool: Command["tool"], args: readonly string[]): Step {
  return { what, command: () => ({ tool, args }) };
}
