import { z } from "zod";
import { signatureToleranceSeconds } from "../../contract/limits.ts";
import { Problem } from "../../contract/problem.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;
/** Far below the tolerance of signatures, far above the drift of a synchronised clock. */
const warnSkewSeconds = 30;

/** The edge answers and is healthy, and its clock agrees with this machine's. */
export function checkEdge(edgeUrl: string, request: typeof fetch, now: () => number): Check {
  return {
    name: "edge",
    async run() {
      const sentAt = now();
      let response: Response;
      try {
        response = await request(new URL("/health", edgeUrl), {
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMs),
        });
      } catch (error) {
        return fail(
          `${edgeUrl} does not answer: ${describe(error)}`,
          "Check EDGE_URL, and whether the Worker is deployed.",
        );
      }
      const clock = compareClocks(response.headers.get("date"), (sentAt + now()) / 2);
      return [await readHealth(edgeUrl, response), ...clock];
    },
  };
}

async function readHealth(edgeUrl: string, response: Response): Promise<Outcome> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && z.object({ status: z.literal("ok") }).safeParse(body).success)
    return ok(`${edgeUrl} is healthy: its secrets are set, its database has its tables`);
  const problem = Problem.safeParse(body).data;
  if (problem?.code === "setup.incomplete")
    return fail(
      `The edge lacks a secret. ${problem.detail ?? ""}`,
      "Set it: npm run deploy (locally: npm run dev).",
    );
  if (problem)
    return fail(
      `The edge is not healthy: ${problem.code}.`,
      "The usual cause is a database without tables: apply the migrations (npm run deploy).",
    );
  return fail(
    `${edgeUrl} answered ${response.status}, which is not an answer of this product.`,
    "Set EDGE_URL to the address of the Worker.",
  );
}

/** A Date header has whole seconds, so a difference of one second has no meaning. */
function compareClocks(date: string | null, nowMs: number): Outcome[] {
  if (date === null || Number.isNaN(Date.parse(date))) return [];
  const skewSeconds = Math.round((Date.parse(date) + 500 - nowMs) / 1000);
  const message = `This clock is ${Math.abs(skewSeconds)} s ${skewSeconds > 0 ? "behind" : "ahead of"} the edge's`;
  const remedy = "Synchronise this machine's clock (timedatectl set-ntp true).";
  if (Math.abs(skewSeconds) >= signatureToleranceSeconds)
    return [fail(`${message}: every signature is refused.`, remedy)];
  if (Math.abs(skewSeconds) >= warnSkewSeconds) return [warn(`${message}.`, remedy)];
  return [ok(`this clock and the edge's clock agree`)];
}
