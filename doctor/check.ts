import { setTimeout as sleep } from "node:timers/promises";
import { type Finding, fail, type Outcome } from "./finding.ts";

export interface Check {
  name: string;
  /** Looks, changes nothing that matters, and may throw: a throw is a finding too. */
  run(): Promise<Outcome | Outcome[]>;
}

const checkTimeoutMs = 60_000;

/** Runs all checks side by side; findings come in the checks' order. Never throws. */
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
      "Something hangs: try again, then look at what it asks.",
    ),
  );
  try {
    return [await Promise.race([run(), late])].flat();
  } catch (error) {
    return [
      fail(`The check itself broke: ${describe(error)}`, "This is a bug of the doctor. Please report it."),
    ];
  } finally {
    ended.abort();
    await late.catch(() => {});
  }
}

/** An error in one line, with what caused it. Vendors' messages are for the operator only, so they may be shown. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message.split("\n", 1)[0] ?? "";
  return error.cause instanceof Error ? `${own} (${describe(error.cause)})` : own;
}
