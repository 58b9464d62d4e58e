/**
 * One trace from a client's request to the webhook that tells of its end: W3C `traceparent`, kept with the job, carried
 * by every request about it. A queue message carries none: it is a token for whichever job's turn it is.
 *
 * @source https://www.w3.org/TR/trace-context/#traceparent-header
 */
const shape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** A step of its own within the caller's trace; a new trace where the caller brings none, or none that is well formed. */
export function continueTrace(header: string | null | undefined): string {
  const [, traceId, parentId, flags] = shape.exec(header ?? "") ?? [];
  const isWhole = traceId && parentId && !/^0+$/.test(traceId) && !/^0+$/.test(parentId);
  return `00-${isWhole ? traceId : randomHex(16)}-${randomHex(8)}-${isWhole ? flags : "01"}`;
}

/** What all steps of a trace have in common. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

function randomHex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
