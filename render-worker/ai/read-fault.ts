/** Reads a vendor's fault from an error body, or from a body with status 200 that is not an answer. */
import type { PaidCapability } from "../../contract/charge.ts";
import { type CodedError, Transient, Unsure } from "../errors.ts";
import { classifyFault, type VendorFault } from "./classify-fault.ts";

/** The fault in a body's `error` field, which is an object as OpenAI sends it, or a text. */
export function readFault(
  error: unknown,
  status: number | undefined,
  more: Pick<VendorFault, "retryAfterMs" | "isOutcomeKnown" | "cause">,
): VendorFault {
  const fields: Record<string, unknown> =
    error !== null && typeof error === "object" ? { ...error } : { message: error };
  const { code, type, message, param, metadata } = fields;
  return {
    // OpenRouter puts the status into `code`, as a number.
    status: status ?? (typeof code === "number" ? code : undefined),
    codes: [code, type].filter((word) => typeof word === "string"),
    message: typeof message === "string" ? message : "",
    param: typeof param === "string" ? param : null,
    // @source openrouter.ai/docs/api-reference/errors, "Moderation errors"
    isFlagged:
      metadata !== null &&
      typeof metadata === "object" &&
      ("flagged_input" in metadata || "reasons" in metadata),
    ...more,
  };
}

/**
 * The error in an answer with status 200, or null if the answer has none. The vendor reported it, so its
 * outcome is known.
 */
export function faultOfAnswer(capability: PaidCapability, answer: unknown): CodedError | null {
  if (typeof answer === "string") return faultOfText(capability, answer);
  if (answer === null || answer === undefined)
    return new Unsure("openai.malformed", "The AI provider's answer was empty", { aiFault: "unreadable" });
  const { error } = answer as { error?: unknown };
  if (error === undefined || error === null) return null;
  return classifyFault(capability, readFault(error, undefined, { isOutcomeKnown: true, cause: answer }));
}

/**
 * The error in a text with status 200 that is no answer. A web page comes from a proxy or from a wrong
 * address, so no call was made.
 */
export function faultOfText(capability: PaidCapability, text: string): CodedError | null {
  const start = text.replace(/^\uFEFF/, "").trimStart();
  if (start.startsWith("<"))
    return new Transient("openai.web_page", "The AI provider answered with a web page", {
      aiFault: "unavailable",
    });
  if (start.startsWith("{"))
    try {
      const fault = faultOfAnswer(capability, JSON.parse(start));
      if (fault) return fault;
    } catch {
      // Not JSON: unreadable, as below.
    }
  return new Unsure("openai.malformed", "The AI provider's answer could not be read", {
    aiFault: "unreadable",
  });
}
