/**
 * `npm run deploy`: from an empty Cloudflare account and an empty Fly organization to a service that runs, and from
 * one version to the next. Looks first at what is there, says what it will do, asks, and does only what is missing:
 * run it again after anything went wrong. `--destroy` undoes it. See `--help` and docs/runbook.md.
 */
import { fileURLToPath } from "node:url";
import { apply } from "./apply.ts";
import { type Blueprint, readBlueprint } from "./blueprint.ts";
import { collectSecrets } from "./collect-secrets.ts";
import { planDestroy } from "./destroy.ts";
import type { Found } from "./found.ts";
import { inspect, listQueueIds } from "./inspect.ts";
import { keepSecrets, keptSecretsPath, randomSecrets, readKeptSecrets } from "./kept-secrets.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { factsOf, plan, type Step, type Wish } from "./plan.ts";
import { decideSecrets, givenSecrets, listMissingSecrets } from "./secrets.ts";
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
  if (missing.length > 0)
    say(`\nNeeded for it:\n${missing.map((name) => `  ${name}: ${givenSecrets[name]}`).join("\n")}`);
  if (options.mode === "plan") return;
  await confirm("\nDo it? [y/N] ", "y", options.yes);

  const apiUrl = process.env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  const given = await collectSecrets(missing, found.accountId, {
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
  say("Look whether all is well: npm run doctor -- --remote");
}

async function destroy(
  blueprint: Blueprint,
  found: Found,
  { appName }: Wish,
  options: Options,
): Promise<void> {
  const steps = planDestroy(blueprint, found, appName, options.keepData);
  if (steps.length === 0) return say("Nothing to do: nothing is there.");
  say(`To do:\n${steps.map(({ what }) => `  ${what}`).join("\n")}`);
  if (!options.keepData) say("\nThis deletes every dream, film and key for good.");
  await confirm(`\nType ${blueprint.worker} to go on: `, blueprint.worker, options.yes);
  await apply(steps, factsOf(found, { edgeUrl: null }), {
    run,
    say,
    now: Date.now,
    learnQueueIds: async () => new Map(),
  });
  say("\nDone. Nothing of it is left but the secrets in .deploy/, which open nothing any more.");
}

function describeSteps(steps: readonly Step[], found: Found, wish: Wish): string {
  const facts = factsOf(found, wish);
  return steps.map(({ what, command }) => `  ${what}\n    $ ${describeCommand(command(facts))}`).join("\n");
}

async function confirm(question: string, expected: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!isAnybodyThere()) throw new Error("There is nobody to ask. Add --yes to do it without a question.");
  if ((await ask(question)).toLowerCase() !== expected.toLowerCase()) throw new Error("Nothing was done.");
}

function tellFailure(error: unknown): string {
  if (!(error instanceof ToolFailed)) return error instanceof Error ? error.message : String(error);
  const lines = error.output.trim().split("\n").slice(-15).join("\n");
  return `${error.message}:\n${lines}\n\nWhat is done stays done. Repair the cause and run it again: it goes on from here.`;
}
