/**
 * Translates a vendor's fault into one of the worker's errors. The order of the tests is the same for every
 * capability and shape of answer.
 */
import { type ConfigurationFault, configurationMessage } from "../../contract/ai-configuration.ts";
import type { PaidCapability } from "../../contract/charge.ts";
import { type CodedError, Poison, Rejected, Transient, Unsure } from "../errors.ts";
import {
  creditCodes,
  keyCodes,
  missingStatuses,
  modelCodes,
  modelWords,
  rateCodes,
  refusalCodes,
  unknownStatuses,
} from "./vendor-faults.ts";

/** A fault in the vendor's own terms. */
export interface VendorFault {
  /** The HTTP status, or the status that the body names. */
  status: number | undefined;
  /** The fields `code` and `type` of the body. */
  codes: readonly string[];
  message: string;
  /** The field of the request that is at fault. */
  param: string | null;
  /** The vendor's moderation flagged the content. */
  isFlagged: boolean;
  retryAfterMs?: number | undefined;
  /** The API reported the fault in an answer with status 200, so the call was not carried out. */
  isOutcomeKnown: boolean;
  cause: unknown;
}

/** The error to throw for a fault of a call of this capability. */
export function classifyFault(capability: PaidCapability, fault: VendorFault): CodedError {
  const { status, cause, retryAfterMs } = fault;
  const hasCode = (codes: ReadonlySet<string>) => fault.codes.some((code) => codes.has(code));
  if (fault.isFlagged || hasCode(refusalCodes))
    return new Poison(
      "openai.refused",
      "The AI provider refused the content. Change the dream's text and ask for the film again.",
      {
        cause,
        aiFault: "refused",
      },
    );
  const wrong = configurationFault(fault, hasCode);
  if (wrong !== null) return configurationError(capability, wrong, cause);
  if (status === 429 || hasCode(rateCodes))
    return new Transient("openai.rate_limited", "The AI provider limits the rate of requests", {
      cause,
      retryAfterMs,
      aiFault: "rate_limited",
    });
  if (!fault.isOutcomeKnown && (status === undefined || unknownStatuses.has(status)))
    return new Unsure("openai.unavailable", "The AI provider has a fault", { cause, aiFault: "unavailable" });
  if (status === undefined || status >= 500 || status === 408 || status === 409 || status === 425)
    return new Transient("openai.unavailable", "The AI provider has a fault", {
      cause,
      retryAfterMs,
      aiFault: "unavailable",
    });
  // Rejected and not Poison: another model or setting may take the same request.
  return new Rejected(
    "openai.bad_request",
    "The AI provider cannot use the request. Change the dream's text or the film's options and ask again.",
    {
      cause,
      aiFault: "bad_request",
    },
  );
}

/**
 * The error for a wrong configuration, which only an operator can repair. It is Rejected and not Poison,
 * because the owner may ask for the film again after the repair.
 */
export const configurationError = (
  capability: PaidCapability,
  fault: ConfigurationFault,
  cause: unknown,
): Rejected =>
  new Rejected(`${capability}.${fault}`, configurationMessage(capability, fault), {
    cause,
    aiFault: "configuration",
    mayBePaid: fault === "answer_unusable",
  });

function configurationFault(
  { status, param, message }: VendorFault,
  hasCode: (codes: ReadonlySet<string>) => boolean,
): ConfigurationFault | null {
  if (status === 402 || hasCode(creditCodes)) return "no_credit";
  if (hasCode(modelCodes) || missingStatuses.has(status ?? 0)) return "model_unavailable";
  if (status === 400 && (param === "model" || modelWords.test(message))) return "model_unavailable";
  if (status === 401 || status === 403 || hasCode(keyCodes)) return "key_refused";
  return null;
}
