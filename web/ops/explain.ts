import { ApiProblem } from "../shared/api-problem.ts";

/** Of a failed call, one sentence and the code to look it up by. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiProblem)) return `The page itself stumbled: ${String(error)}`;
  if (error.code === "network.unreachable") return "The service does not answer.";
  return `${error.message.replace(/\.$/, "")} (${error.code}).`;
}
