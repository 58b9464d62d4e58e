import { randomUUID } from "node:crypto";
import { createEdgeClient } from "../../render-worker/clients/edge.ts";
import type { Check } from "../check.ts";
import { describe } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

/** No job has this id, so a claim with a good signature changes nothing. */
const noJob = "doctor-asks";

/** The edge accepts this worker's signature: both sides have the same secret. */
export function checkCallbackSecret(edgeUrl: string, secret: string): Check {
  return {
    name: "callback secret",
    async run() {
      try {
        await createEdgeClient(edgeUrl, secret, "doctor").claim({ jobId: noJob, queue: null }, randomUUID());
        return ok("the edge accepts this worker's signature");
      } catch (error) {
        const code = (error as { code?: string }).code;
        if (code === "signature.invalid" || code === "signature.missing")
          return fail(
            "The edge refuses this worker's signature: the two have different secrets.",
            "Set the worker's CALLBACK_SECRET to one of the edge's CALLBACK_SECRETS " +
              "(npm run deploy -- --renew CALLBACK_SECRET).",
          );
        if (code === "signature.stale")
          return fail("The edge refuses the time in the signature.", "Synchronise this machine's clock.");
        return warn(`The signature could not be tested: ${describe(error)}`, "See the findings of the edge.");
      }
    },
  };
}
