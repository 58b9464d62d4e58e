/** Translates what the SDK throws into errors named by what the caller must do. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { Poison, Rejected, Transient, Unsure } from "../../errors.ts";

/** What to throw for `error`: the signal's reason if the caller aborted, else an error of ours. */
export function translateError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof APIUserAbortError) return signal.reason ?? error;
  if (error instanceof APIConnectionTimeoutError)
    return new Unsure("openai.timeout", "The AI provider did not answer in time", { cause: error });
  if (error instanceof APIConnectionError)
    return new (neverArrived(error) ? Transient : Unsure)(
      "openai.unreachable",
      "The AI provider is not reachable",
      { cause: error },
    );
  if (!(error instanceof APIError))
    return new Unsure("openai.malformed", "The AI provider's answer could not be read", { cause: error });
  const { status, code } = error;
  if (code === "insufficient_quota")
    return new Rejected("openai.insufficient_quota", "The AI account has no credit left", { cause: error });
  if (status === 401 || status === 403)
    return new Rejected("openai.unauthorized", "The AI provider refused our key", { cause: error });
  if (code === "content_policy_violation" || code === "moderation_blocked")
    return new Poison("openai.refused", "The AI provider refused the content", { cause: error });
  if (status === 429)
    return new Transient("openai.rate_limited", "The AI provider is limiting our rate", {
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  // A gateway that gave up on what is behind it can not say what became of the call.
  if (status === undefined || status === 502 || status === 504)
    return new Unsure("openai.unavailable", "The AI provider has a fault", { cause: error });
  if (status >= 500 || status === 408 || status === 409)
    return new Transient("openai.unavailable", "The AI provider has a fault", {
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  return new Poison("openai.bad_request", "The AI provider could not use the request", { cause: error });
}

/** There was no connection, so there was no call. Any other break may have come after the provider had begun. */
function neverArrived(error: APIConnectionError): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (connectFailures.has(String((cause as NodeJS.ErrnoException).code))) return true;
  return false;
}

const connectFailures = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
]);

function retryAfterMs(error: APIError): number | undefined {
  const ms = Number(error.headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return ms;
  const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
