/**
 * Errors named by what the caller must do.
 *
 * Adapters translate a vendor's error into one of these classes once, at the boundary. All other code decides
 * by class and fields, never by the text of a message or the prefix of a code. Any other error is a bug.
 */
export interface CodedErrorOptions {
  cause?: unknown;
  /** The pause in milliseconds that the other side asked for. */
  retryAfterMs?: number | undefined;
  /**
   * What failed at an AI provider. An error with an `aiFault` is an outage unless `isOutage` says otherwise.
   */
  aiFault?: AiFault;
  /** The other side may have carried out the request and charged for it, although no answer arrived. */
  mayBePaid?: boolean;
  /** The message has words that the owner has typed: the owner reads it, and no log has it. */
  quotesOwner?: boolean;
  /** Another service is at fault: the job is handed back and the attempt is not counted. */
  isOutage?: boolean;
}

/**
 * What an AI provider's failure means to the rules for purchases.
 *
 * - `refused`: the provider does not make this content.
 * - `bad_request`: the provider cannot use this one request.
 * - `rate_limited`: the provider works and asks for a pause.
 * - `unavailable`: the provider has a fault.
 * - `unreadable`: the provider's answer cannot be used.
 * - `away`: the circuit breaker is open and sends no call.
 * - `configuration`: no request of this capability can succeed until an operator changes the key, the model,
 *   the address or the account. contract/ai-configuration.ts lists the codes.
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
  readonly quotesOwner: boolean;
  /** When it was made, by `performance.now()`: a circuit breaker throws it again later. */
  readonly atMs = performance.now();

  /**
   * @param message is shown to the dream's owner: it holds no path and no secret, and no text of the owner
   * unless `quotesOwner` is set
   */
  constructor(code: string, message: string, options: CodedErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.aiFault = options.aiFault ?? null;
    this.mayBePaid = options.mayBePaid ?? false;
    this.quotesOwner = options.quotesOwner ?? false;
    this.isOutage = options.isOutage ?? this.aiFault !== null;
  }
}

/** The request is wrong and would be refused again. */
export class Rejected extends CodedError {}

/** The purchase would exceed the job's or the owner's budget. */
export class OverBudget extends Rejected {}

/** The state of the other side forbids the request. */
export class Conflict extends CodedError {}

/** Another attempt holds the job: the worker stops and changes nothing. */
export class Fenced extends CodedError {}

/** The same request may succeed later: the caller repeats it, after `retryAfterMs` if that is known. */
export class Transient extends CodedError {}

/** A Transient whose outcome is unknown: the call may have been charged. */
export class Unsure extends Transient {
  constructor(code: string, message: string, options: CodedErrorOptions = {}) {
    super(code, message, { mayBePaid: true, ...options });
  }
}

/** This input can never become a film: the worker fails the job and acks its message. */
export class Poison extends CodedError {}

/** The edge or the process asked the work to stop. */
export class Cancelled extends CodedError {}

/**
 * A measurement, given to another error as its cause. Its message is written by the worker and holds no
 * user's text, so the log shows it.
 */
export class Measurement extends Error {}

/** The error's stable code, or `worker.error` for an error without one. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "worker.error";
}
