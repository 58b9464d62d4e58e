/** The steps from what exists to what is requested. Pure. */
import {
  type Blueprint,
  type ConsumerSettings,
  type CorsRule,
  corsFile,
  type LifecycleRule,
  listQueues,
} from "./blueprint.ts";
import type { Found, FoundQueue, FoundRule } from "./found.ts";
import type { SecretsToSet } from "./secrets.ts";
import type { Command } from "./tools.ts";

export interface Step {
  what: string;
  /**
   * `outputs`: what earlier steps yielded. A value that is not known yet is a placeholder in angle brackets.
   */
  command(outputs: Outputs): Command;
  /** The part exists in another version than this checkout's. */
  isUpdate?: true;
  /** The output that this step makes known. */
  yields?: "queueIds" | "edgeUrl";
}

/** Values that become known when their step is done. */
export interface Outputs {
  queueIds: ReadonlyMap<string, string>;
  edgeUrl: string | null;
}

/** The operator's options. */
export interface DeployRequest {
  appName: string;
  /** Fly organization for a new app. */
  org: string;
  /** Null: the region in fly.worker.toml. */
  region: string | null;
  /** Null: at least two, and never fewer than exist. */
  machines: number | null;
  /** Null: the address that wrangler reports. */
  edgeUrl: string | null;
}

const usualMachines = 2;
/**
 * The lifecycle rule by which a destroy empties the bucket, because Cloudflare deletes only empty buckets.
 */
export const emptyingRule = "expire-everything";
const flyConfig = "fly.worker.toml";

/**
 * The steps in their order; empty when the deployment is complete and up to date.
 * @throws Error when a Worker consumes a queue that the pool has to pull
 */
export function plan(
  blueprint: Blueprint,
  found: Found,
  request: DeployRequest,
  secrets: SecretsToSet,
): Step[] {
  return [
    ...planStores(blueprint, found),
    ...planQueues(blueprint, found),
    ...planEdge(blueprint, found, request, secrets),
    ...planPool(blueprint, found, request, secrets),
    ...setEdgeSecrets("Remove the replaced secrets from the edge", secrets.edgeAfterwards, blueprint),
  ];
}

function planStores({ database, bucket, lifecycle, cors }: Blueprint, found: Found): Step[] {
  const steps: Step[] = [];
  if (!found.database)
    steps.push(step(`Create the database ${database}`, "wrangler", ["d1", "create", database]));
  if (!found.bucket)
    steps.push(step(`Create the bucket ${bucket}`, "wrangler", ["r2", "bucket", "create", bucket]));
  // An earlier destroy left this rule. It would delete new films after a day.
  if (found.bucket?.rules.some(({ name }) => name === emptyingRule))
    steps.push(removeRule(bucket, emptyingRule, "which deletes all objects"));
  for (const rule of lifecycle) {
    const there = found.bucket?.rules.find(({ name }) => name === rule.name);
    if (there && isSameRule(there, rule)) continue;
    if (there) steps.push(removeRule(bucket, rule.name, "which differs"));
    steps.push(step(`Add the bucket's rule ${rule.name}`, "wrangler", ruleArgs(bucket, rule)));
  }
  if (!found.bucket?.cors.some((rule) => allows(rule, cors))) {
    const what =
      found.bucket && found.bucket.cors.length > 0
        ? "Replace the bucket's CORS rules, by which pages cannot upload recordings"
        : "Set the bucket's CORS rule, by which pages upload recordings";
    const args = ["r2", "bucket", "cors", "set", bucket, "--file", corsFile, "--force"];
    steps.push(step(what, "wrangler", args));
  }
  return steps;
}

/** The rule allows what `wanted` allows, and maybe more. */
const allows = (rule: CorsRule, wanted: CorsRule) =>
  (["origins", "methods", "headers"] as const).every((key) =>
    wanted[key].every((one) =>
      rule[key].some((its) => its === "*" || its.toLowerCase() === one.toLowerCase()),
    ),
  );

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
    steps.push(index === missing.length - 1 ? { ...create, yields: "queueIds" } : create);
  }
  for (const name of Object.values(queues)) {
    const there = found.queues.get(name)?.consumer ?? null;
    if (there && isSameConsumer(there, deadLetterQueue, consumer)) continue;
    if (there?.type === "worker")
      throw new Error(
        `A Worker consumes the queue ${name}, so nothing can be pulled from it. Detach it first.`,
      );
    // A consumer cannot be changed. Messages wait until the new one exists.
    if (there) {
      const args = ["queues", "consumer", "http", "remove", name];
      steps.push(step(`Remove the pull consumer of ${name}, which has other settings`, "wrangler", args));
    }
    steps.push(
      step(`Add the pull consumer of ${name}`, "wrangler", [
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

function planEdge(blueprint: Blueprint, found: Found, request: DeployRequest, secrets: SecretsToSet): Step[] {
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
  // Migrations come before the code that needs them; each is compatible with the version that runs.
  if (pending === undefined || pending.length > 0) {
    const what = `Apply ${pending === undefined ? "every migration" : pending.join(", ")}`;
    steps.push(step(what, "wrangler", ["d1", "migrations", "apply", blueprint.database, "--remote"]));
  }
  const isLive = found.worker?.version === blueprint.edgeVersion;
  const isReading = deadLetters === "worker";
  if (!isLive || !isReading || knownEdgeUrl(found, request) === null) {
    const why = !isLive ? "" : isReading ? " to learn its address" : ` to attach it to ${deadLetterQueue}`;
    const args = [
      "deploy",
      "--tag",
      blueprint.edgeVersion,
      "--message",
      `npm run deploy ${blueprint.edgeVersion}`,
      // Not a secret: the wake endpoint accepts signed calls only.
      "--var",
      `WORKER_WAKE_URL:https://${request.appName}.fly.dev/wake`,
      ...Object.entries(objectStore(blueprint, found)).flatMap(([name, value]) => [
        "--var",
        `${name}:${value}`,
      ]),
    ];
    steps.push({
      ...step(`Deploy the Worker ${blueprint.worker}${why}`, "wrangler", args),
      ...(found.worker?.version && !isLive ? { isUpdate: true } : {}),
      yields: "edgeUrl",
    });
  }
  return steps;
}

/**
 * The edge's address, from the request or the pool's environment: wrangler reports it only when it deploys.
 */
export const knownEdgeUrl = (
  { app }: Pick<Found, "app">,
  request: Pick<DeployRequest, "edgeUrl">,
): string | null => request.edgeUrl ?? app?.machines.find(({ env }) => env.EDGE_URL)?.env.EDGE_URL ?? null;

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

function planPool(blueprint: Blueprint, found: Found, request: DeployRequest, secrets: SecretsToSet): Step[] {
  const { appName } = request;
  const machines = found.app?.machines ?? [];
  const names = Object.keys(secrets.app);
  const steps: Step[] = [];
  if (!found.app)
    steps.push(
      step(`Create the Fly app ${appName}`, "flyctl", ["apps", "create", appName, "--org", request.org]),
    );
  if (names.length > 0) {
    const lines = names.map((name) => `${name}=${secrets.app[name]}\n`).join("");
    const args = ["secrets", "import", "--app", appName, "--stage"];
    const command: Command = { tool: "flyctl", args, secrets: { names, text: lines } };
    steps.push({ what: `Set the pool's secrets: ${names.join(", ")}`, command: () => command });
  }
  const env = (outputs: Outputs) => poolEnvironment(blueprint, found, outputs, request);
  const staged = found.app?.secrets.some(({ deployed }) => !deployed);
  const behind = machines.some((machine) => machine.image !== blueprint.imageVersion);
  const differs = machines.some((machine) => !includesAll(machine.env, env(readOutputs(found, request))));
  if (machines.length === 0 || names.length > 0 || staged || behind || differs)
    steps.push({
      what: `Build the image ${blueprint.imageVersion} and deploy it to the pool`,
      ...(behind && !staged && !differs && names.length === 0 ? { isUpdate: true } : {}),
      command: (outputs) => ({
        tool: "flyctl",
        args: [
          ...["deploy", "--app", appName, "--config", flyConfig, "--image-label", blueprint.imageVersion],
          // One machine at first; `scale count` below sets the number.
          ...["--ha=false", "--yes", ...(request.region ? ["--primary-region", request.region] : [])],
          ...Object.entries(env(outputs)).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ],
      }),
    });
  const wanted = request.machines ?? Math.max(usualMachines, machines.length);
  if (wanted !== Math.max(1, machines.length)) {
    const args = ["scale", "count", String(wanted), "--app", appName, "--config", flyConfig, "--yes"];
    steps.push(step(`Scale the pool to ${wanted} machines`, "flyctl", args));
  }
  return steps;
}

/** The pool's environment variables that depend on the account and are not secret. */
function poolEnvironment(
  { bucket, queues }: Blueprint,
  found: Found,
  outputs: Outputs,
  request: DeployRequest,
): Record<string, string> {
  const queueId = (name: string) => outputs.queueIds.get(name) ?? `<id of ${name}>`;
  return {
    EDGE_URL: request.edgeUrl ?? outputs.edgeUrl ?? "<address of the Worker>",
    CLOUDFLARE_ACCOUNT_ID: found.accountId,
    QUEUE_STANDARD_ID: queueId(queues.standard),
    QUEUE_PREMIUM_ID: queueId(queues.premium),
    ...objectStore({ bucket }, found),
  };
}

/** Where the bucket is over the S3 protocol, for the workers and for the edge's upload addresses. */
const objectStore = ({ bucket }: Pick<Blueprint, "bucket">, { accountId }: Found) => ({
  S3_ENDPOINT: `https://${accountId}.r2.cloudflarestorage.com`,
  S3_BUCKET: bucket,
});

const includesAll = (env: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([name, value]) => env[name] === value);

/** The outputs that are known before any step runs. */
export const readOutputs = (
  found: Pick<Found, "queues" | "app">,
  request: Pick<DeployRequest, "edgeUrl">,
): Outputs => ({
  queueIds: new Map([...found.queues].map(([name, { id }]) => [name, id])),
  edgeUrl: knownEdgeUrl(found, request),
});

function step(what: string, tool: Command["tool"], args: readonly string[]): Step {
  return { what, command: () => ({ tool, args }) };
}
