import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { UsageError } from "../command-line/describe-error.ts";
import { createProgram, numberBy } from "../command-line/program.ts";

export interface Options {
  mode: "deploy" | "plan" | "destroy";
  yes: boolean;
  keepData: boolean;
  /** The Worker's name, as confirmation of a destroy. */
  confirm: string | null;
  app: string | null;
  org: string;
  region: string | null;
  machines: number | null;
  edgeUrl: string | null;
  renew: string[];
}

/**
 * The program of `npm run deploy`.
 * @param deploy gets the options
 */
export const createDeployProgram = (deploy: (options: Options) => Promise<void>) =>
  createProgram(
    "npm run deploy --",
    "Sets up the service in an empty Cloudflare account and an empty Fly organization, and updates it.",
  )
    .option("--plan", "show the plan and stop")
    .option("-y, --yes", "do not ask for confirmation")
    .option(
      "--machines <n>",
      "number of machines in the pool (default: 2, or as many as exist)",
      numberBy(z.int("It must be a whole number").min(1).max(1000)),
    )
    .option("--region <code>", "Fly region of the machines (default: the one in fly.worker.toml)")
    .option("--org <name>", "Fly organization for a new app", "personal")
    .option("--app <name>", "Fly app (default: a name derived from the Worker's name and your account)")
    .option(
      "--edge-url <url>",
      "the Worker's address, if it is neither workers.dev nor a custom domain in wrangler.toml",
      readEdgeUrl,
    )
    .option("--renew <name>", "replace this secret; may be repeated", addName, [])
    .option("--destroy", "remove everything, after you type the Worker's name")
    .option("--confirm <name>", "with --destroy: the Worker's name, typed in advance")
    .option("--keep-data", "with --destroy: keep the database and the bucket")
    .addHelpText(
      "after",
      `
The deploy takes the pool's secrets from the environment, or asks for them: OPENAI_API_KEY,
RENDER_CLOUDFLARE_API_TOKEN, and, if CLOUDFLARE_API_TOKEN has no permission to edit API tokens,
S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY. It also sets C2PA_CERT and C2PA_KEY, if the environment has them:
the certificate that signs films as made by AI.`,
    )
    .action((given) => {
      if (given.plan && given.destroy) throw new UsageError("--plan and --destroy exclude each other.");
      if (!given.destroy && (given.keepData || given.confirm !== undefined))
        throw new UsageError("--keep-data and --confirm belong to --destroy.");
      return deploy({
        mode: given.destroy ? "destroy" : given.plan ? "plan" : "deploy",
        yes: given.yes ?? false,
        keepData: given.keepData ?? false,
        confirm: given.confirm ?? null,
        app: given.app ?? null,
        org: given.org,
        region: given.region ?? null,
        machines: given.machines ?? null,
        edgeUrl: given.edgeUrl ?? null,
        renew: given.renew,
      });
    });

function readEdgeUrl(text: string): string {
  if (/^https:\/\/[^/]+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be https:// and a host name, without a path.");
}

const addName = (name: string, before: string[]): string[] => [...before, name];
