import { parseArgs } from "node:util";

export interface Options {
  mode: "deploy" | "plan" | "destroy";
  yes: boolean;
  keepData: boolean;
  /** The name that a destroy asks for. */
  confirm: string | null;
  app: string | null;
  org: string;
  region: string | null;
  machines: number | null;
  edgeUrl: string | null;
  renew: string[];
}

export const usage = `npm run deploy [-- options]

  --plan              say what would be done, and stop
  --yes               do not ask before doing it
  --machines N        how many machines the pool may use (2, and never fewer than there are)
  --region CODE       where they stand (fly.worker.toml)
  --org NAME          Fly's organization for a new app (personal)
  --app NAME          the Fly app (made from the Worker's name and your account)
  --edge-url URL      the Worker's address, where it is not workers.dev or a custom domain of wrangler.toml
  --renew NAME        set this secret anew; may be given more than once
  --destroy           remove everything again, once the Worker's name was typed (or said with --confirm NAME);
                      --keep-data leaves database and bucket

Secrets the pool needs are taken from the environment or asked for: OPENAI_API_KEY,
RENDER_CLOUDFLARE_API_TOKEN, and S3_ACCESS_KEY_ID with S3_SECRET_ACCESS_KEY where CLOUDFLARE_API_TOKEN may not edit API tokens.`;

/** @throws Error that says which option is wrong */
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
  if (values.plan && values.destroy) throw new Error("--plan and --destroy: one of them");
  const machines = values.machines === undefined ? null : Number(values.machines);
  if (machines !== null && !(Number.isInteger(machines) && machines >= 1 && machines <= 1000))
    throw new Error("--machines must be a whole number from 1 to 1000");
  if (values["edge-url"] !== undefined && !/^https:\/\/[^/]+$/.test(values["edge-url"]))
    throw new Error("--edge-url must be https:// and a host, with nothing after it");
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
