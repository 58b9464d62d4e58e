import type { ErrorRequestHandler, RequestHandler, Response } from "express";

/** An error of OpenAI's API: its status and the four fields of its envelope. */
export class VendorError extends Error {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    more: {
      type?: string;
      code?: string | null;
      param?: string | null;
      headers?: Record<string, string>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.type = more.type ?? (status >= 500 ? "server_error" : "invalid_request_error");
    this.code = more.code ?? null;
    this.param = more.param ?? null;
    this.headers = more.headers ?? {};
  }
}

/** An error of the request, at `param`. */
export const invalid = (param: string | null, message: string, code = "invalid_value") =>
  new VendorError(400, message, { param, code });

/** Sends the error in OpenAI's envelope. */
export function sendError(res: Response, error: VendorError): void {
  const { message, type, param, code } = error;
  res.status(error.status).set(error.headers).json({ error: { message, type, param, code } });
}

/** Answers an unknown address. @throws VendorError always, with status 404 */
export const answerUnknownUrl: RequestHandler = (req) => {
  throw new VendorError(404, `Invalid URL (${req.method} ${req.path})`, { code: null });
};

/** Answers errors in OpenAI's envelope. An unexpected error is a 500 without details. */
export const answerErrors: ErrorRequestHandler = (thrown, _req, res, _next) => {
  if (res.headersSent) return void res.destroy();
  sendError(res, toVendorError(thrown));
};

function toVendorError(thrown: unknown): VendorError {
  if (thrown instanceof VendorError) return thrown;
  const type = thrown instanceof Error && "type" in thrown ? thrown.type : "";
  if (type === "entity.parse.failed") {
    return new VendorError(400, "We could not parse the JSON body of your request.", { code: null });
  }
  if (type === "entity.too.large") return new VendorError(413, "Maximum content size limit exceeded.");
  if (type === "request.aborted") return new VendorError(400, "The request was cut off.");
  console.error("openai simulator:", thrown);
  return new VendorError(500, "The server had an error while processing your request.", { code: null });
}
