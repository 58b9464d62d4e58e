import { z } from "zod";
import { signatureToleranceSeconds } from "../../contract/limits.ts";
import { Problem } from "../../contract/problem.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, type Outcome, ok, warn } from "../finding.ts";

const timeoutMs = 10_000;
/** Far below what breaks signatures, far above what a synchronised clock drifts. */
const warnSkewSeconds = 30;

/** The edge answers and says that it can serve; its clock and ours agree. */
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
          "Is EDGE_URL right, and the Worker deployed?",
        );
      }
      const clock = judgeClock(response.headers.get("date"), (sentAt + now()) / 2);
      return [await judgeHealth(edgeUrl, response), ...clock];
    },
  };
}

async function judgeHealth(edgeUrl: string, response: Response): Promise<Outcome> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && z.object({ status: z.literal("ok") }).safeParse(body).success)
    return ok(`${edgeUrl} can serve: its secrets are set, its database has its tables`);
  const problem = Problem.safeParse(body).data;
  if (problem?.code === "setup.incomplete")
    return fail(
      `The edge lacks a secret. ${problem.detail ?? ""}`,
      "Set it: npm run deploy (locally: npm run dev).",
    );
  if (problem)
    return fail(
      `The edge can not serve: ${problem.code}.`,
      "Most often its database has no tables: apply the migrations (npm run deploy).",
    );
  return fail(
    `${edgeUrl} answered ${response.status}, and not as this product does.`,
    "EDGE_URL names something else: let it name the Worker.",
  );
}

/** Seconds are all that a Date header tells, so a second of difference means nothing. */
function judgeClock(date: string | null, nowMs: number): Outcome[] {
  if (date === null || Number.isNaN(Date.parse(date))) return [];
  const skewSeconds = Math.round((Date.parse(date) + 500 - nowMs) / 1000);
  const said = `This clock is ${Math.abs(skewSeconds)} s ${skewSeconds > 0 ? "behind" : "ahead of"} the edge's`;
  const remedy = "Synchronise this machine's clock (timedatectl set-ntp true).";
  if (Math.abs(skewSeconds) >= signatureToleranceSeconds)
    return [fail(`${said}: every signature is refused.`, remedy)];
  if (Math.abs(skewSeconds) >= warnSkewSeconds) return [warn(`${said}.`, remedy)];
  return [ok(`this clock and the edge's agree`)];
}
