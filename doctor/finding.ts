/** What a check found. `remedy` says what to do, and is there whenever something is to be done. */
export interface Finding {
  check: string;
  status: Status;
  said: string;
  remedy?: string;
}

/** `skip`: could not be looked at, because of another finding or because it is not part of this installation. */
export type Status = "ok" | "warn" | "fail" | "skip";

/** A finding that has no check's name yet. */
export type Outcome = Omit<Finding, "check">;

export const ok = (said: string): Outcome => ({ status: "ok", said });
export const warn = (said: string, remedy: string): Outcome => ({ status: "warn", said, remedy });
export const fail = (said: string, remedy: string): Outcome => ({ status: "fail", said, remedy });
export const skip = (said: string): Outcome => ({ status: "skip", said });
