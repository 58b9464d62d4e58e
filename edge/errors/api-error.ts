import { type Problem, type ProblemCode, problems } from "../../contract/problem.ts";

/** A film's address carries its permission: problems are logged by those who get them. */
const redactPath = (path: string) => path.replace(/^(\/videos\/[^/]+\/[^/]+\/)[^/]+/, "$1redacted");

interface ApiErrorOptions {
  /** One sentence for a person. Never a secret, a path, or what a user wrote. */
  detail?: string;
  errors?: NonNullable<Problem["errors"]>;
  headers?: Record<string, string>;
}

/** A request that gets a problem for an answer. Thrown anywhere below a route, answered in one place. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly options: ApiErrorOptions;

  constructor(code: ProblemCode, options: ApiErrorOptions = {}) {
    super(code);
    this.name = "ApiError";
    this.code = code;
    this.options = options;
  }

  /** RFC 9457 problem+json. */
  toResponse(requestUrl: string, requestId: string): Response {
    const [status, title] = problems[this.code];
    const { detail, errors, headers } = this.options;
    const address = new URL(requestUrl);
    const body: Problem = {
      type: new URL(`/problems/${this.code}`, address).href,
      title,
      status,
      code: this.code,
      ...(detail === undefined ? {} : { detail }),
      instance: redactPath(address.pathname),
      ...(errors === undefined ? {} : { errors }),
      request_id: requestId,
    };
    return new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
    });
  }
}
