/** One result of a check. `remedy` says what to do; warnings and failures always have one. */
export interface Finding {
  check: string;
  status: Status;
  message: string;
  remedy?: string;
}

/** `skip`: not checked, because another finding prevents it or because this installation does not have it. */
export type Status = "ok" | "warn" | "fail" | "skip";

/** A finding without the name of its check. */
export type Outcome = Omit<Finding, "check">;

/** A check that found no fault. */
export const ok = (message: string): Outcome => ({ status: "ok", message });
/** A fault that does not stop the service yet. */
export const warn = (message: string, remedy: string): Outcome => ({ status: "warn", message, remedy });
/** A fault that stops a part of the service. */
export const fail = (message: string, remedy: string): Outcome => ({ status: "fail", message, remedy });
/** A check that was not done; the message says why. */
export const skip = (message: string): Outcome => ({ status: "skip", message });
