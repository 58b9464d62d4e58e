import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, fail, type Outcome } from "./finding.ts";

export interface Check {
  name: string;
  /** Checks and changes nothing that matters. An error that it throws becomes a finding. */
  run(): Promise<Outcome | Outcome[]>;
}

const checkTimeoutMs = 60_000;

/** Runs all checks in parallel; the findings are in the order of the checks. Never throws. */
export async function runChecks(checks: readonly Check[]): Promise<Finding[]> {
  const findings = await Promise.all(
    checks.map(async ({ name, run }) => {
      const outcomes = await settle(run);
      return outcomes.map((outcome) => ({ check: name, ...outcome }));
    }),
  );
  return findings.flat();
}

async function settle(run: Check["run"]): Promise<Outcome[]> {
  const ended = new AbortController();
  const late = sleep(checkTimeoutMs, null, { signal: ended.signal, ref: false }).then(() =>
    fail(
      `No answer within ${checkTimeoutMs / 1000} seconds.`,
      "Try again. If it hangs again, look at the service that this check calls.",
    ),
  );
  try {
    return [await Promise.race([run(), late])].flat();
  } catch (error) {
    return [
      fail(`The check itself failed: ${describe(error)}`, "This is a bug in the doctor. Please report it."),
    ];
  } finally {
    ended.abort();
    await late.catch(() => {});
  }
}

/** An error and its causes in one line. Only operators read it, so it may have vendors' messages. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message.split("\n", 1)[0] ?? "";
  return error.cause instanceof Error ? `${own} (${describe(error.cause)})` : own;
}
