import type { Finding, Status } from "./finding.ts";

const words: Record<Status, string> = { ok: "ok", warn: "warn", fail: "FAIL", skip: "skip" };

/** One line per finding, and below it what to do. */
export function printFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, said, remedy }) => [
    `${words[status].padEnd(4)}  ${check.padEnd(width)}  ${said}`,
    ...(remedy ? [`${" ".repeat(width + 8)}-> ${remedy}`] : []),
  ]);
  return [...lines, "", summary(findings)].join("\n");
}

function summary(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const parts = [`${count("ok")} ok`, `${count("warn")} to look at`, `${count("fail")} to repair`];
  return `${parts.join(", ")}${count("skip") > 0 ? `, ${count("skip")} not looked at` : ""}`;
}
