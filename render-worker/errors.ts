/**
 * Errors named by what the caller must do. Adapters translate vendors' errors into these once, at the boundary;
 * everything behind it decides by class and fields, never by a message's text or a code's prefix. Any other error is a bug.
 */
export interface CodedErrorOptions {
  cause?: unknown;
  /** How long the other side asked us to wait. */
  retryAfterMs?: number | undefined;
  /** What failed at an AI provider. Such an error is an outage as well. */
  aiFault?: AiFault;
  /** What was asked for may have been done and paid although it was not received. */
  mayBePaid?: boolean;
  /** Another service is at fault: handing the job back for it costs the job no attempt. */
  isOutage?: boolean;
}

/**
 * What an AI provider's failure means to the policies of buying.
 *
 * - `refused`: it does not make this content. `bad_request`: it can not use this one request.
 * - `rate_limited`: it is there and asks for a pause.
 * - `unavailable`: it has a fault. `unreadable`: its answer is of no use. `away`: the circuit breaker asks nobody.
 * - `configuration`: no request of this capability can succeed until an operator changes the key, the model, the
 *   address or the account (contract/ai-configuration.ts has the codes).
 */
export type AiFault =
  | "refused"
  | "bad_request"
  | "rate_limited"
  | "unavailable"
  | "unreadable"
  | "away"
  | "configuration";

export class CodedError extends Error {
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  readonly aiFault: AiFault | null;
  readonly isOutage: boolean;
  readonly mayBePaid: boolean;

  /** `message` is safe to show to the dream's owner: no path, no secret, no dream text. */
  constructor(code: string, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.aiFault = options.aiFault ?? null;
    this.mayBePaid = options.mayBePaid ?? false;
    this.isOutage = options.isOutage ?? this.aiFault !== null;
  }
}

/** Our request was wrong, and would be wrong again. */
export class Rejected extends CodedError {}

/** The purchase would exceed the job's or the owner's budget. */
export class OverBudget extends Rejected {}

/** The other side's state forbids it. */
export class Conflict extends CodedError {}

/** Another attempt holds the job: stop, touch nothing. */
export class Fenced extends CodedError {}

/** May work later: retry, after `retryAfterMs` if known. */
export class Transient extends CodedError {}

/** The same, and it is not known whether it was done: what it would have cost may be paid. */
export class Unsure extends Transient {
  constructor(code: string, message: string, options: CodedErrorOptions = {}) {
    super(code, message, { mayBePaid: true, ...options });
  }
}

/** This input can never become a film: fail the job, ack the message. */
export class Poison extends CodedError {}

/** Somebody asked us to stop. */
export class Cancelled extends CodedError {}

/** What we measured, as a cause for the log: our own words and numbers, so that all of it may be shown. */
export class Measurement extends Error {}

/** The error's stable code; `worker.error` for a bug. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "worker.error";
}
