import type { Finding, Status } from "./finding.ts";

const words: Record<Status, string> = { ok: "ok", warn: "warn", fail: "FAIL", skip: "skip" };

/** The findings as text: one line each, the remedy below it, and a summary at the end. */
export function printFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, message, remedy }) => [
    `${words[status].padEnd(4)}  ${check.padEnd(width)}  ${message}`,
    ...(remedy ? [`${" ".repeat(width + 8)}-> ${remedy}`] : []),
  ]);
  return [...lines, "", summary(findings)].join("\n");
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const parts = [`${count("ok")} ok`, `${count("warn")} warnings`, `${count("fail")} failures`];
  return `${parts.join(", ")}${count("skip") > 0 ? `, ${count("skip")} skipped` : ""}`;
}
