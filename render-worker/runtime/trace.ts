/** The trace of the job in hand, known wherever its work goes on, so that no function has to pass it along. */
import { AsyncLocalStorage } from "node:async_hooks";
import { continueTrace } from "../../contract/trace.ts";

const current = new AsyncLocalStorage<string>();

/** Runs `work` as part of the trace. */
export const withinTrace = <T>(traceparent: string, work: () => T): T => current.run(traceparent, work);

/** The header of a request that is made now: a step of its own within the job's trace. */
export const traceHeader = (): { traceparent: string } => ({
  traceparent: continueTrace(current.getStore()),
});
