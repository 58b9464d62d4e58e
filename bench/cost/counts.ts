/** What the edge asked of its bindings. Names of Durable Objects are those of their bindings and classes. */
export interface Counts {
  /** Requests to the Worker, by caller and kind. */
  requests: Record<string, number>;
  /** As D1 bills them: index entries count. */
  rowsRead: number;
  rowsWritten: number;
  /** Every batch of statements in order, to be run again. */
  batches: { text: string; values: unknown[] }[][];
  /** Calls of Durable Objects, and their alarms. */
  objects: Record<string, number>;
  alarms: Record<string, number>;
  /** R2 operations of the Worker: class A and class B. */
  mediaWrites: number;
  mediaReads: number;
  /** Messages that were sent. */
  queueMessages: number;
}
