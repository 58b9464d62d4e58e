import type { Problem } from "../../contract/problem.ts";

/** Why a call failed. The page itself sets `network.unreachable`: the service sent no answer. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  /** JSON pointer to the first wrong field of the request; null if the service names none. */
  readonly pointer: string | null;

  constructor(code: string, status: number, message: string, pointer: string | null = null) {
    super(message);
    this.code = code;
    this.status = status;
    this.pointer = pointer;
  }
}

/** The problem in a response whose status is not ok. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => null)) as Problem | null;
  return new ApiProblem(
    problem?.code ?? "internal.error",
    response.status,
    problem?.detail ?? problem?.errors?.[0]?.detail ?? problem?.title ?? response.statusText,
    problem?.errors?.[0]?.pointer ?? null,
  );
}
