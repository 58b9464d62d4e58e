/**
 * Errors named by what the caller must do. Adapters translate vendors' errors into these once, at the boundary;
 * everything behind it decides by class and `code`, never by a message's text. Any other error is a bug.
 */
export interface ErrorOptionsWithDelay {
  cause?: unknown;
  /** How long the other side asked us to wait. */
  retryAfterMs?: number | undefined;
}

class CodedError extends Error {
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  /** `message` is safe to show to the dream's owner: no path, no secret, no dream text. */
  constructor(code: string, message: string, options: ErrorOptionsWithDelay = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Our request was wrong, and would be wrong again. */
export class Rejected extends CodedError {}

/** The other side's state forbids it. */
export class Conflict extends CodedError {}

/** Another attempt holds the job: stop, touch nothing. */
export class Fenced extends CodedError {}

/** May work later: retry, after `retryAfterMs` if known. */
export class Transient extends CodedError {}

/** The same, and nobody can know whether it was done: what it would have cost may be paid. */
export class Unsure extends Transient {}

/** This input can never become a film: fail the job, ack the message. */
export class Poison extends CodedError {}

/** Somebody asked us to stop. */
export class Cancelled extends CodedError {}

/** What we measured, as a cause for the log: our own words and numbers, so that all of it may be shown. */
export class Facts extends Error {}
