/**
 * Named points at which a test can end the process: one on each side of every durable step. In production no
 * listener is set and `failpoint` does nothing.
 */
export const failpoints = [
  /** The message is leased and no worker has claimed the job. */
  "message.pulled",
  /** The job has ended at the edge and the message is not acked. */
  "message.before_ack",
  "message.acked",
  /** The edge has given the job to this worker, and no work is done. */
  "job.claimed",
  /** The film is in R2 and the edge does not know it. */
  "job.before_complete",
  "job.completed",
  "job.before_release",
  "job.released",
  "report.before",
  "report.sent",
  /** The asset is neither in R2 nor paid for. */
  "asset.missing",
  /** The ledger has recorded that the call may be sent; it is not sent. */
  "asset.sent",
  /** The asset is paid for and not stored: only this process knows it. */
  "asset.bought",
  "asset.stored",
  "film.before_upload",
  "film.uploaded",
] as const;

export type Failpoint = (typeof failpoints)[number];

let listener: (point: Failpoint) => void = () => {};

/** Marks a point in the program. Calls the listener if a test has set one. */
export function failpoint(point: Failpoint): void {
  listener(point);
}

/** Sets the process's only listener and replaces the one before. */
export function onFailpoint(listen: (point: Failpoint) => void): void {
  listener = listen;
}
