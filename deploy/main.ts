/**
 * `npm run deploy`: sets up the service in an empty Cloudflare account and an empty Fly organization, and
 * updates it. Reads what exists, shows its plan, asks, and does only what is missing. After a failure, run it
 * again. `--destroy` removes the service. See `--help` and docs/runbook.md.
 */
import { fileURLToPath } from "node:url";
import { UsageError } from "../command-line/describe-error.ts";
import { runProgram } from "../command-line/program.ts";
import { apply } from "./apply.ts";
import { type Blueprint, readBlueprint } from "./blueprint.ts";
import { collectSecrets, readSigningSecrets, variableOf } from "./collect-secrets.ts";
import { planDestroy } from "./destroy.ts";
import type { Found } from "./found.ts";
import { inspectAccount } from "./inspect/inspect-account.ts";
import { listQueueIds } from "./inspect/inspect-queues.ts";
import { keepSecrets, keptSecretsPath, randomSecrets, readKeptSecrets } from "./kept-secrets.ts";
import { createDeployProgram, type Options } from "./options.ts";
import { plan } from "./plan/plan.ts";
import { type DeployRequest, readOutputs, type Step } from "./plan/step.ts";
import {
  assertRenewable,
  decideSecrets,
  type GivenSecret,
  givenSecrets,
  listMissingSecrets,
  type SigningSecrets,
} from "./secrets.ts";
import { ask, askSecretly, isTerminal } from "./terminal.ts";
import { createRunTool, describeCommand, ToolFailed } from "./tools.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = createRunTool(root, process.env);
const say = (line: string) => void process.stdout.write(`${line}\n`);

await runProgram(
  createDeployProgram((options) =>
    main(options).catch((error: unknown) => {
      throw error instanceof UsageError ? error : new Error(`\n${describeFailure(error)}`);
    }),
  ),
);

async function main(options: Options): Promise<void> {
  const blueprint = readBlueprint(root);
  // A destroy sets no secret.
  const signing = options.mode === "destroy" ? null : readSigningSecrets(process.env, Date.now());
  assertRenewable(options.renew, blueprint, signing);
  say("Reading what exists …");
  const found = await inspectAccount(
    blueprint,
    { root, app: options.app, accountId: process.env.CLOUDFLARE_ACCOUNT_ID ?? null },
    run,
  );
  const request: DeployRequest = { ...options, appName: found.appName };
  if (options.mode === "destroy") return destroy(blueprint, found, request, options);
  await deploy(blueprint, found, request, options, signing);
}

async function deploy(
  blueprint: Blueprint,
  found: Found,
  request: DeployRequest,
  options: Options,
  signing: SigningSecrets | null,
): Promise<void> {
  const keptPath = keptSecretsPath(root, found.accountId);
  const available = { signing, kept: readKeptSecrets(keptPath), renew: options.renew, random: randomSecrets };
  const missing = listMissingSecrets(found, options.renew);
  const draft = plan(blueprint, found, request, decideSecrets(blueprint, found, { ...available, given: {} }));
  const outputs = readOutputs(found, request);
  if (draft.length === 0)
    return say(`Nothing to do: ${blueprint.worker} ${blueprint.edgeVersion} is complete and up to date.`);
  say(`To do:\n${describeSteps(draft, found, request)}`);
  if (missing.length > 0) say(`\nNeeded for it:\n${describeNeeds(missing)}`);
  if (options.mode === "plan") return;
  if (!options.yes) await confirm("\nDo it? [y/N] ", "y", "--yes");

  const apiUrl = process.env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  const where = {
    ...{ accountId: found.accountId, bucket: blueprint.bucket },
    ...{ kept: available.kept, renew: options.renew },
  };
  const given = await collectSecrets(missing, where, {
    ...{ env: process.env, fetch, apiUrl },
    ask: isTerminal() ? askSecretly : null,
  });
  const secrets = decideSecrets(blueprint, found, { ...available, given });
  // Stored before any of them is set: a secret cannot be read back, and the other side needs the same one.
  keepSecrets(keptPath, secrets.kept);
  const done = await apply(plan(blueprint, found, request, secrets), outputs, {
    ...{ run, say, now: Date.now },
    readQueueIds: () => listQueueIds(run),
  });
  say(`\nDone. The service: ${request.edgeUrl ?? done.edgeUrl}`);
  say(`The admin key and the other secrets that this deploy made: ${keptPath}`);
  const before = available.kept.S3_ACCESS_KEY_ID;
  if (before !== undefined && before !== secrets.kept.S3_ACCESS_KEY_ID)
    say(`The earlier R2 API token, ${before}, is still valid. Delete it in Cloudflare's dashboard.`);
  say("Check it: npm run doctor -- --remote");
}

async function destroy(
  blueprint: Blueprint,
  found: Found,
  { appName }: DeployRequest,
  options: Options,
): Promise<void> {
  const data = options.keepData ? "keep" : { bucketIsEmpty: await isBucketEmpty(blueprint, found) };
  const steps = planDestroy(blueprint, found, appName, data);
  if (steps.length === 0) return say("Nothing to do: nothing is deployed.");
  say(`To do:\n${steps.map(({ what }) => `  ${what}`).join("\n")}`);
  if (!options.keepData) say("\nThis deletes every dream, film and key for good.");
  if (options.confirm !== blueprint.worker)
    await confirm(
      `\nType ${blueprint.worker} to continue: `,
      blueprint.worker,
      `--confirm ${blueprint.worker}`,
    );
  await apply(steps, readOutputs(found, { edgeUrl: null }), {
    run,
    say,
    now: Date.now,
    readQueueIds: async () => new Map(),
  });
  const left = options.keepData
    ? "The database and the bucket remain"
    : "Nothing remains but what is listed above";
  say(`\nDone. ${left}. The secrets in .deploy/ are no longer valid.`);
}

async function isBucketEmpty({ bucket }: Blueprint, found: Found): Promise<boolean> {
  if (!found.bucket) return true;
  const text = await run({ tool: "wrangler", args: ["r2", "bucket", "info", bucket, "--json"] });
  return (JSON.parse(text) as { object_count: string }).object_count === "0";
}

function describeNeeds(missing: readonly GivenSecret[]): string {
  return missing.map((name) => `  ${variableOf(name)}: ${givenSecrets[name]}`).join("\n");
}

function describeSteps(steps: readonly Step[], found: Found, request: DeployRequest): string {
  const outputs = readOutputs(found, request);
  return steps.map(({ what, command }) => `  ${what}\n    $ ${describeCommand(command(outputs))}`).join("\n");
}

async function confirm(question: string, expected: string, instead: string): Promise<void> {
  if (!isTerminal())
    throw new Error(
      `This is no terminal, so the deploy cannot ask. Add ${instead} to continue without a question.`,
    );
  if ((await ask(question)).toLowerCase() !== expected.toLowerCase()) throw new Error("Nothing was done.");
}

function describeFailure(error: unknown): string {
  if (!(error instanceof ToolFailed)) return error instanceof Error ? error.message : String(error);
  const lines = error.output.trim().split("\n").slice(-15).join("\n");
  return `${error.message}:\n${lines}\n\nFinished steps stay done. Repair the cause, then run it again: it continues from here.`;
}
