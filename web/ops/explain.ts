import { ApiProblem } from "../shared/api-problem.ts";

/** One sentence about a failed call, with its error code. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiProblem)) return `This page has an error: ${String(error)}`;
  if (error.code === "network.unreachable") return "The service does not answer.";
  return `${error.message.replace(/\.$/, "")} (${error.code}).`;
}
