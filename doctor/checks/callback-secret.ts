import { randomUUID } from "node:crypto";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

/** No job has this id, so the edge answers "not yours" to a good signature and changes nothing. */
const noJob = "doctor-asks";

/** The edge takes what this worker signs: both sides hold the same secret. */
export function checkCallbackSecret(edgeUrl: string, secret: string): Check {
  return {
    name: "callback secret",
    async run() {
      try {
        await createEdgeClient(edgeUrl, secret, "doctor").claim({ jobId: noJob, queue: null }, randomUUID());
        return ok("the edge takes what this worker signs");
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (code === "signature.invalid" || code === "signature.missing")
          return fail(
            "The edge refuses what this worker signs: the two hold different secrets.",
            "Give both the same: the worker's CALLBACK_SECRET has to be one of the edge's CALLBACK_SECRETS (npm run deploy -- --renew CALLBACK_SECRET).",
          );
        if (code === "signature.stale")
          return fail("The edge finds our signature's time wrong.", "Synchronise this machine's clock.");
        return warn(`It could not be tried: ${describe(error)}`, "See what is said about the edge.");
      }
    },
  };
}
