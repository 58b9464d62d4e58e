/** Translates what the SDK and the transfer throw into errors named by what the caller must do. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import type { PaidCapability } from "../../../contract/charge.ts";
import { retryAfterMs } from "../../clients/retry-after.ts";
import { TransferFault } from "../../clients/transfer/watch-transfer.ts";
import { CodedError, Transient, Unsure } from "../../errors.ts";
import { classifyFault } from "../classify-fault.ts";
import { readFault } from "../read-fault.ts";

/**
 * The error to throw for `error`: the signal's reason if the caller aborted, else one of the worker's
 * errors.
 */
export function translateError(capability: PaidCapability, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof CodedError) return error;
  if (neverArrived(error))
    return new Transient("openai.unreachable", "The AI provider could not be reached", {
      cause: error,
      aiFault: "unavailable",
    });
  if (isTimeout(error))
    return new Unsure("openai.timeout", "The AI provider did not answer in time", {
      cause: error,
      aiFault: "unavailable",
    });
  if (error instanceof APIConnectionError)
    return new Unsure("openai.unreachable", "The AI provider could not be reached", {
      cause: error,
      aiFault: "unavailable",
    });
  if (!(error instanceof APIError))
    return new Unsure("openai.malformed", "The AI provider's answer could not be read", {
      cause: error,
      aiFault: "unreadable",
    });
  const { status, headers } = error;
  return classifyFault(
    capability,
    readFault(error.error, status, {
      retryAfterMs: retryAfterMs(headers),
      isOutcomeKnown: false,
      cause: error,
    }),
  );
}

/**
 * True if no connection was made, so the provider got no call. Any later break may have come after the
 * provider began.
 */
function neverArrived(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (connectFailures.has(String((cause as NodeJS.ErrnoException).code))) return true;
  return false;
}

const connectFailures = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The SDK's time limit ends with the headers; the transfer's limits also cover the body. */
function isTimeout(error: unknown): boolean {
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof TransferFault && cause.kind !== "too_large") return true;
  return false;
}
