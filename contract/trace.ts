/**
 * One trace from a client's request to the webhook about the job's end: W3C `traceparent`, stored with the
 * job and sent with every request about it. A queue message carries none, because it may lead to another job
 * of its queue.
 *
 * @source https://www.w3.org/TR/trace-context/#traceparent-header
 */
const shape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A new span in the caller's trace; a new trace if the caller sends none, or a malformed one. */
export function continueTrace(header: string | null | undefined): string {
  const [, traceId, parentId, flags] = shape.exec(header ?? "") ?? [];
  const isWhole = traceId && parentId && !/^0+$/.test(traceId) && !/^0+$/.test(parentId);
  return `00-${isWhole ? traceId : randomHex(16)}-${randomHex(8)}-${isWhole ? flags : "01"}`;
}

/** The trace id, which all spans of a trace share. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
