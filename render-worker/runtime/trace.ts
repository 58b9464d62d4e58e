/** The current job's trace, kept in an AsyncLocalStorage, so that no function has to pass it on. */
import { AsyncLocalStorage } from "node:async_hooks";
import { continueTrace } from "../../contract/trace.ts";

const current = new AsyncLocalStorage<string>();

/** Runs `work` and everything it starts within the trace. */
export const withinTrace = <T>(traceparent: string, work: () => T): T => current.run(traceparent, work);

/** The `traceparent` header of a request made now: a new span within the job's trace. */
export const traceHeader = (): { traceparent: string } => ({
  traceparent: continueTrace(current.getStore()),
});
