/**
 * Named moments at which a worker may die: one on each side of every durable step. In production nobody listens and
 * `at` does nothing; tests listen, and end the process at one of them.
 */
export const failpoints = [
  /** The message is leased, nobody has claimed the job. */
  "message.pulled",
  /** The job has ended at the edge, the message is not acked. */
  "message.before_ack",
  "message.acked",
  /** The edge holds us for the job's worker, nothing is done yet. */
  "job.claimed",
  /** The film lies in R2, the edge has not heard of it. */
  "job.before_complete",
  "job.completed",
  "job.before_release",
  "job.released",
  "report.before",
  "report.sent",
  /** The asset is not there yet and not paid. */
  "asset.missing",
  /** The ledger says that the provider may have been asked; it has not been yet. */
  "asset.sent",
  /** Paid and not stored: nobody else can know. */
  "asset.bought",
  "asset.stored",
  "film.before_upload",
  "film.uploaded",
] as const;

export type Failpoint = (typeof failpoints)[number];

let listener: (point: Failpoint) => void = () => {};

export function failpoint(point: Failpoint): void {
  listener(point);
}

/** Replaces the listener; a process has one. */
export function onFailpoint(listen: (point: Failpoint) => void): void {
  listener = listen;
}
