import { z } from "zod";
import type { FoundApp } from "../found.ts";
import type { RunTool } from "../tools.ts";

const Apps = z.array(z.object({ Name: z.string() }));
const Secrets = z.array(
  z
    .object({ name: z.string(), status: z.string().default("Deployed") })
    .transform(({ name, status }) => ({ name, deployed: status !== "Staged" && status !== "Partial" })),
);
const Machines = z.array(
  z.object({
    id: z.string(),
    state: z.string(),
    image_ref: z.object({ tag: z.string().default("") }),
    config: z.object({ env: z.record(z.string(), z.string()).default({}) }),
  }),
);

/** The Fly app's secrets and machines; null if there is no such app. */
export async function inspectApp(name: string, run: RunTool): Promise<FoundApp | null> {
  const ask = async (...args: string[]) =>
    JSON.parse(await run({ tool: "flyctl", args: [...args, "--json"] }));
  const apps = Apps.parse((await ask("apps", "list")) ?? []);
  if (!apps.some((app) => app.Name === name)) return null;
  const [secrets, machines] = await Promise.all([
    ask("secrets", "list", "--app", name),
    ask("machine", "list", "--app", name),
  ]);
  return {
    secrets: Secrets.parse(secrets ?? []),
    machines: Machines.parse(machines ?? [])
      .filter(({ state }) => !state.startsWith("destroy"))
      .map(({ id, state, image_ref, config }) => ({
        ...{ id, state, image: image_ref.tag, env: config.env },
      })),
  };
}
