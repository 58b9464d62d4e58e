/**
 * The names that AI vendors give to their faults, as data for classify-fault.ts. As of 2026-11-27.
 *
 * @source developers.openai.com/api/docs/guides/error-codes
 * @source openrouter.ai/docs/api-reference/errors
 * @source console.groq.com/docs/errors
 * @source developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors
 */

/** The vendor refuses to make this content. */
export const refusalCodes = new Set([
  "content_policy_violation",
  "moderation_blocked",
  "content_filter",
  "content_moderation",
]);

/** The account has no money left. OpenAI sends 429 or 400, others send 402. */
export const creditCodes = new Set([
  "insufficient_quota",
  "billing_hard_limit_reached",
  "billing_not_active",
  "insufficient_credits",
  "insufficient_balance",
]);

export const keyCodes = new Set(["invalid_api_key", "account_deactivated", "invalid_authentication"]);

/** The vendor has no such model. Some vendors send 400 or 403. */
export const modelCodes = new Set([
  "model_not_found",
  "model_not_available",
  "model_decommissioned",
  "invalid_model",
  "unknown_model",
  "deployment_not_found",
]);

/**
 * The message of vendors that name a missing model in no other field (OpenRouter, vLLM). Tested for status
 * 400 only.
 */
export const modelWords =
  /\bmodel\b.*\b(not a valid|not found|does not exist|unknown|decommissioned)\b|not a valid model/i;

export const rateCodes = new Set(["rate_limit_exceeded", "rate_limited", "too_many_requests"]);

/** Statuses of an address that does not lead to the endpoint. */
export const missingStatuses = new Set([404, 405, 410, 501]);

/**
 * Statuses of a gateway that lost its origin after the request may have reached it, so the outcome of the
 * call is unknown. 520 and 524 are Cloudflare's "unknown error" and "a timeout occurred"; 521-523, 525, 526
 * and 530 mean that the request did not reach the origin.
 */
export const unknownStatuses = new Set([502, 504, 520, 524, 598, 599]);
