import { z } from "zod";
import type { FoundWorker } from "../found.ts";
import { type RunTool, ToolFailed } from "../tools.ts";

/** The Worker's secrets by name and its live version; null if there is no such Worker. */
export async function inspectWorker(name: string, run: RunTool): Promise<FoundWorker | null> {
  const secrets = await run({ tool: "wrangler", args: ["secret", "list", "--name", name] }).catch(
    nullIfMissing,
  );
  if (secrets === null) return null;
  return {
    secrets: z
      .array(z.object({ name: z.string() }))
      .parse(JSON.parse(secrets))
      .map((secret) => secret.name),
    version: await findVersion(name, run),
  };
}

const Deployment = z.object({
  versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
});
const Versions = z.array(
  z.object({ id: z.string(), annotations: z.record(z.string(), z.string().optional()).optional() }),
);

/**
 * The deploy's tag of the live version. Null when there is none, or when several versions share the requests.
 */
async function findVersion(name: string, run: RunTool): Promise<string | null> {
  const args = (...words: string[]) => ({
    tool: "wrangler" as const,
    args: [...words, "--name", name, "--json"],
  });
  const deployment = await run(args("deployments", "status")).catch(nullIfMissing);
  if (deployment === null) return null;
  const live = Deployment.safeParse(JSON.parse(deployment)).data?.versions.find(
    ({ percentage }) => percentage === 100,
  );
  const versions = Versions.parse(JSON.parse(await run(args("versions", "list"))));
  return versions.find(({ id }) => id === live?.version_id)?.annotations?.["workers/tag"] ?? null;
}

/** wrangler has no command that tests for a Worker or a deployment, so its error message has to serve. */
function nullIfMissing(error: unknown): null {
  if (
    error instanceof ToolFailed &&
    /not found|does not exist|no deployments|code: 10007/i.test(error.output)
  )
    return null;
  throw error;
}
