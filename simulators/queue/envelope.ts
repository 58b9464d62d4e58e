/** Cloudflare's envelope: `{success, errors, messages, result}` around every answer, errors included. */

/** An error answer of Cloudflare's API: its status and its numeric code. */
export class CloudflareError extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Record<string, string>;

  constructor([status, code, message]: ApiFault, detail?: string, headers: Record<string, string> = {}) {
    super(detail === undefined ? message : `${message}: ${detail}`);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export type ApiFault = readonly [status: number, code: number, message: string];

/**
 * Codes from 10104 on belong to Queues. Their page names no HTTP status, so each fault of the request has
 * 400. The other codes belong to Cloudflare's API as a whole.
 * @source developers.cloudflare.com/queues/reference/error-codes
 */
export const apiFaults = {
  noRoute: [404, 7003, "Could not route to the path, perhaps your object identifier is invalid?"],
  methodNotAllowed: [405, 10405, "Method not allowed for this endpoint"],
  unauthenticated: [401, 10001, "Unable to authenticate request"],
  badToken: [401, 10000, "Authentication error"],
  otherAccount: [403, 10000, "Authentication error"],
  queueNotFound: [404, 10104, "Queue does not exist"],
  queueIdMalformed: [400, 10107, "Malformed queue ID"],
  batchDelayInvalid: [400, 10202, "Invalid batch delay"],
  messageMetadataInvalid: [400, 10203, "Invalid message metadata"],
  messageTooLarge: [400, 10204, "Message size out of bounds"],
  batchTooLarge: [400, 10205, "Batch size out of bounds"],
  batchCount: [400, 10206, "Batch count out of bounds"],
  bodyInvalid: [400, 10207, "Request JSON body does not match the expected schema"],
  bodyMalformed: [400, 10208, "Request body is not valid JSON"],
  overloaded: [429, 10250, "Queue is overloaded"],
  unknown: [500, 15000, "Unknown internal error"],
} as const satisfies Record<string, ApiFault>;

/** A successful answer; `more` adds fields beside `result`, such as `result_info`. */
export function succeed(result: unknown, more: Record<string, unknown> = {}): Response {
  return Response.json({ success: true, errors: [], messages: [], result, ...more });
}

/**
 * An error answer. Any error but a CloudflareError is a bug of this simulator: logged, and answered as code
 * 15000.
 */
export function fail(error: unknown): Response {
  if (!(error instanceof CloudflareError)) console.error(error);
  const known = error instanceof CloudflareError ? error : new CloudflareError(apiFaults.unknown);
  return Response.json(
    {
      success: false,
      errors: [{ code: known.code, message: known.message }],
      messages: [],
      result: null,
    },
    { status: known.status, headers: known.headers },
  );
}
