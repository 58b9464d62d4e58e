import { parseArgs } from "node:util";

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

export const usage = `npm run deploy [-- options]

  --plan              show the plan and stop
  --yes               do not ask for confirmation
  --machines N        number of machines in the pool (default: 2, or as many as exist)
  --region CODE       Fly region of the machines (default: the one in fly.worker.toml)
  --org NAME          Fly organization for a new app (default: personal)
  --app NAME          Fly app (default: a name derived from the Worker's name and your account)
  --edge-url URL      the Worker's address, if it is neither workers.dev nor a custom domain in wrangler.toml
  --renew NAME        replace this secret; may be given more than once
  --destroy           remove everything, after you type the Worker's name (or pass it with --confirm NAME);
                      --keep-data keeps the database and the bucket

The deploy takes the pool's secrets from the environment, or asks for them: OPENAI_API_KEY,
RENDER_CLOUDFLARE_API_TOKEN, and, if CLOUDFLARE_API_TOKEN has no permission to edit API tokens,
S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.`;

/**
 * Parses the command line.
 * @throws Error that names the wrong option
 */
export function readOptions(args: string[]): Options | "help" {
  const { values } = parseArgs({
    args,
    options: {
      help: { type: "boolean", short: "h", default: false },
      plan: { type: "boolean", default: false },
      yes: { type: "boolean", short: "y", default: false },
      destroy: { type: "boolean", default: false },
      "keep-data": { type: "boolean", default: false },
      confirm: { type: "string" },
      app: { type: "string" },
      org: { type: "string", default: "personal" },
      region: { type: "string" },
      machines: { type: "string" },
      "edge-url": { type: "string" },
      renew: { type: "string", multiple: true, default: [] },
    },
  });
  if (values.help) return "help";
  if (values.plan && values.destroy) throw new Error("--plan and --destroy exclude each other");
  const machines = values.machines === undefined ? null : Number(values.machines);
  if (machines !== null && !(Number.isInteger(machines) && machines >= 1 && machines <= 1000))
    throw new Error("--machines must be a whole number from 1 to 1000");
  if (values["edge-url"] !== undefined && !/^https:\/\/[^/]+$/.test(values["edge-url"]))
    throw new Error("--edge-url must be https:// and a host name, without a path");
  return {
    mode: values.destroy ? "destroy" : values.plan ? "plan" : "deploy",
    yes: values.yes,
    keepData: values["keep-data"],
    confirm: values.confirm ?? null,
    app: values.app ?? null,
    org: values.org,
    region: values.region ?? null,
    machines,
    edgeUrl: values["edge-url"] ?? null,
    renew: values.renew,
  };
}
