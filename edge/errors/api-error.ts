import { type Problem, type ProblemCode, problems } from "../../contract/problem.ts";

/** A film's address contains its permission, and clients log problems: the permission is left out. */
const redactPath = (path: string) => path.replace(/^(\/videos\/[^/]+\/[^/]+\/)[^/]+/, "$1redacted");

interface ApiErrorOptions {
  /** One sentence for a person. It contains no secret, no path, and nothing that a user wrote. */
  detail?: string;
  errors?: NonNullable<Problem["errors"]>;
  headers?: Record<string, string>;
}

/** A request that is answered with a problem. Any layer throws it; `app.ts` answers it. */
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

/** The answer to an API key that is unknown, revoked or malformed. */
export const invalidKey = () =>
  new ApiError("auth.invalid", { headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
