import type { Blueprint } from "../blueprint.ts";
import type { Found } from "../found.ts";
import type { SecretsToSet } from "../secrets.ts";
import type { Command } from "../tools.ts";
import { type DeployRequest, knownEdgeUrl, objectStore, type Step, step } from "./step.ts";

/** Sets the edge's secrets, applies migrations, and deploys the Worker. */
export function planEdge(
  blueprint: Blueprint,
  found: Found,
  request: DeployRequest,
  secrets: SecretsToSet,
): Step[] {
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

/** Sets these secrets of the Worker in one call; no step without secrets. */
export function setEdgeSecrets(what: string, secrets: Record<string, string>, { worker }: Blueprint): Step[] {
  const names = Object.keys(secrets);
  if (names.length === 0) return [];
  const command: Command = {
    tool: "wrangler",
    args: ["secret", "bulk", "--name", worker],
    secrets: { names, text: JSON.stringify(secrets) },
  };
  return [{ what: `${what}: ${names.join(", ")}`, command: () => command }];
}
