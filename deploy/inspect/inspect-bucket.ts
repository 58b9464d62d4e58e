import { z } from "zod";
import type { CorsRule } from "../blueprint.ts";
import type { Found, FoundRule } from "../found.ts";
import { type RunTool, ToolFailed } from "../tools.ts";

/** The bucket's rules; null if there is no such bucket. */
export async function inspectBucket(bucket: string, run: RunTool): Promise<Found["bucket"]> {
  const list = await run({ tool: "wrangler", args: ["r2", "bucket", "list"] });
  const names = [...list.matchAll(/^name:\s+(\S+)$/gm)].map((match) => match[1]);
  if (!names.includes(bucket)) return null;
  const read = (what: string) => run({ tool: "wrangler", args: ["r2", "bucket", what, "list", bucket] });
  return { rules: readRules(await read("lifecycle")), cors: readCors(await read("cors").catch(noCors)) };
}

/** Cloudflare answers 404 for a bucket that never had a CORS rule. */
function noCors(error: unknown): string {
  if (error instanceof ToolFailed && /code: 10059|CORS configuration does not exist/i.test(error.output))
    return "";
  throw error;
}

/** Each rule is a block of "key:  value" lines too, with lists separated by commas. */
const readCors = (text: string): CorsRule[] =>
  text.split(/\n\s*\n|\n(?=allowed_origins:)/).flatMap((block) => {
    const list = (key: string) =>
      new RegExp(`^allowed_${key}:\\s+(.*)$`, "m").exec(block)?.[1]?.split(", ") ?? [];
    const rule = { origins: list("origins"), methods: list("methods"), headers: list("headers") };
    return rule.origins.length === 0 ? [] : [rule];
  });

/** wrangler has no JSON output for rules: each is a block of "key:  value" lines. */
function readRules(text: string): FoundRule[] {
  const blocks = text
    .split(/\n\s*\n/)
    .map((block) =>
      Object.fromEntries(
        [...block.matchAll(/^(name|enabled|prefix|action):\s+(.*)$/gm)].map(([, key, value]) => [key, value]),
      ),
    );
  return z
    .array(z.object({ name: z.string(), enabled: z.string(), prefix: z.string(), action: z.string() }))
    .parse(blocks.filter((block) => block.name !== undefined));
}
