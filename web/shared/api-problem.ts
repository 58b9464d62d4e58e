import type { Problem } from "../../contract/problem.ts";

/** Why a call failed. The page itself sets `network.unreachable`: the service sent no answer. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The problem in a response whose status is not ok. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return new ApiProblem(
    problem?.code ?? "internal.error",
    response.status,
    problem?.detail ?? problem?.errors?.[0]?.detail ?? problem?.title ?? response.statusText,
  );
}
