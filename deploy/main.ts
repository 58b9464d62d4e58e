/**
 * `npm run deploy`: from an empty Cloudflare account and an empty Fly organization to a service that runs, and from
 * one version to the next. Looks first at what is there, says what it will do, asks, and does only what is missing:
 * run it again after anything went wrong. `--destroy` undoes it. See `--help` and docs/runbook.md.
 */
import { fileURLToPath } from "node:url";
import { apply } from "./apply.ts";
import { type Blueprint, readBlueprint } from "./blueprint.ts";
import { collectSecrets, variableOf } from "./collect-secrets.ts";
import { planDestroy } from "./destroy.ts";
import type { Found } from "./found.ts";
import { inspect, listQueueIds } from "./inspect.ts";
import { keepSecrets, keptSecretsPath, randomSecrets, readKeptSecrets } from "./kept-secrets.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { factsOf, plan, type Step, type Wish } from "./plan.ts";
import {
  assertRenewable,
  decideSecrets,
  type GivenSecret,
  givenSecrets,
  listMissingSecrets,
} from "./secrets.ts";
import { ask, askSecretly, isAnybodyThere } from "./terminal.ts";
import { createRunTool, describeCommand, ToolFailed } from "./tools.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = createRunTool(root, process.env);
const say = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") say(usage);
  else await main(options);
} catch (error) {
  process.stderr.write(`\n${tellFailure(error)}\n`);
  process.exitCode = 1;
}

async function main(options: Options): Promise<void> {
  const blueprint = readBlueprint(root);
  assertRenewable(options.renew, blueprint);
  say("Looking at what is there …");
  const found = await inspect(
    blueprint,
    { root, app: options.app, accountId: process.env.CLOUDFLARE_ACCOUNT_ID ?? null },
    run,
  );
  const wish: Wish = { ...options, appName: found.appName };
  if (options.mode === "destroy") return destroy(blueprint, found, wish, options);
  await deploy(blueprint, found, wish, options);
}

async function deploy(blueprint: Blueprint, found: Found, wish: Wish, options: Options): Promise<void> {
  const keptPath = keptSecretsPath(root, found.accountId);
  const atHand = { kept: readKeptSecrets(keptPath), renew: options.renew, random: randomSecrets };
  const missing = listMissingSecrets(found, options.renew);
  const draft = plan(blueprint, found, wish, decideSecrets(blueprint, found, { ...atHand, given: {} }));
  const facts = factsOf(found, wish);
  if (draft.length === 0)
    return say(`Nothing to do: ${blueprint.worker} ${blueprint.edgeVersion} is as it should be.`);
  say(`To do:\n${describeSteps(draft, found, wish)}`);
  if (missing.length > 0) say(`\nNeeded for it:\n${describeNeeds(missing)}`);
  if (options.mode === "plan") return;
  if (!options.yes) await confirm("\nDo it? [y/N] ", "y", "--yes");

  const apiUrl = process.env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  const where = {
    ...{ accountId: found.accountId, bucket: blueprint.bucket },
    ...{ kept: atHand.kept, renew: options.renew },
  };
  const given = await collectSecrets(missing, where, {
    ...{ env: process.env, fetch, apiUrl },
    ask: isAnybodyThere() ? askSecretly : null,
  });
  const secrets = decideSecrets(blueprint, found, { ...atHand, given });
  // Before anything is set: a secret that one side has and nobody remembers can never be given to the other.
  keepSecrets(keptPath, secrets.kept);
  const done = await apply(plan(blueprint, found, wish, secrets), facts, {
    ...{ run, say, now: Date.now },
    learnQueueIds: () => listQueueIds(run),
  });
  say(`\nDone. The service: ${wish.edgeUrl ?? done.edgeUrl}`);
  say(`Its admin key and the other secrets it made: ${keptPath}`);
  const before = atHand.kept.S3_ACCESS_KEY_ID;
  if (before !== undefined && before !== secrets.kept.S3_ACCESS_KEY_ID)
    say(`The earlier R2 API token, ${before}, still opens the bucket: delete it in Cloudflare's dashboard.`);
  say("Look whether all is well: npm run doctor -- --remote");
}

async function destroy(
  blueprint: Blueprint,
  found: Found,
  { appName }: Wish,
  options: Options,
): Promise<void> {
  const data = options.keepData ? "keep" : { bucketIsEmpty: await isBucketEmpty(blueprint, found) };
  const steps = planDestroy(blueprint, found, appName, data);
  if (steps.length === 0) return say("Nothing to do: nothing is there.");
  say(`To do:\n${steps.map(({ what }) => `  ${what}`).join("\n")}`);
  if (!options.keepData) say("\nThis deletes every dream, film and key for good.");
  if (options.confirm !== blueprint.worker)
    await confirm(`\nType ${blueprint.worker} to go on: `, blueprint.worker, `--confirm ${blueprint.worker}`);
  await apply(steps, factsOf(found, { edgeUrl: null }), {
    run,
    say,
    now: Date.now,
    learnQueueIds: async () => new Map(),
  });
  const left = options.keepData ? "Database and bucket are left" : "Nothing is left but what is said above";
  say(`\nDone. ${left}; the secrets in .deploy/ open nothing any more.`);
}

async function isBucketEmpty({ bucket }: Blueprint, found: Found): Promise<boolean> {
  if (!found.bucket) return true;
  const text = await run({ tool: "wrangler", args: ["r2", "bucket", "info", bucket, "--json"] });
  return (JSON.parse(text) as { object_count: string }).object_count === "0";
}

function describeNeeds(missing: readonly GivenSecret[]): string {
  return missing.map((name) => `  ${variableOf(name)}: ${givenSecrets[name]}`).join("\n");
}

function describeSteps(steps: readonly Step[], found: Found, wish: Wish): string {
  const facts = factsOf(found, wish);
  return steps.map(({ what, command }) => `  ${what}\n    $ ${describeCommand(command(facts))}`).join("\n");
}

async function confirm(question: string, expected: string, instead: string): Promise<void> {
  if (!isAnybodyThere())
    throw new Error(`There is nobody to ask. Add ${instead} to do it without a question.`);
  if ((await ask(question)).toLowerCase() !== expected.toLowerCase()) throw new Error("Nothing was done.");
}

function tellFailure(error: unknown): string {
  if (!(error instanceof ToolFailed)) return error instanceof Error ? error.message : String(error);
  const lines = error.output.trim().split("\n").slice(-15).join("\n");
  return `${error.message}:\n${lines}\n\nWhat is done stays done. Repair the cause and run it again: it goes on from here.`;
}
