import type { Blueprint } from "../blueprint.ts";
import type { Found } from "../found.ts";
import type { SecretsToSet } from "../secrets.ts";
import type { Command } from "../tools.ts";
import { type DeployRequest, type Outputs, objectStore, readOutputs, type Step, step } from "./step.ts";

const usualMachines = 2;
const flyConfig = "fly.worker.toml";

/** Creates the Fly app, sets its secrets, deploys the image and scales the pool. */
export function planPool(
  blueprint: Blueprint,
  found: Found,
  request: DeployRequest,
  secrets: SecretsToSet,
): Step[] {
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

const includesAll = (env: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([name, value]) => env[name] === value);
