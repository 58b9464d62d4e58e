import type { SigningIdentity } from "../../render-worker/runtime/signing-identity.ts";
import type { Check } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

export interface SigningLibrary {
  /** @throws if this machine has no library that runs */
  loadLibrary(): Promise<unknown>;
  findSigningFault(identity: SigningIdentity): Promise<string | null>;
}

const dayMs = 86_400_000;
const warnDays = 60;

/** Films are marked as made by AI, with a certificate that a CA has issued and that does not end soon. */
export function checkCredentials(
  signing: SigningIdentity | null,
  library: SigningLibrary,
  nowMs: number,
): Check {
  return {
    name: "content credentials",
    async run() {
      const isInstalled = await library.loadLibrary().then(
        () => true,
        () => false,
      );
      if (!isInstalled)
        return warn(
          "The signing library is not installed here or does not run: films are made without content credentials.",
          "It exists for Linux on x86-64: npm ci, with npm 11 or with SKIP_RUST_BUILD=1.",
        );
      if (signing === null)
        return warn(
          "No certificate is configured: a local CA signs the films, so readers show an unknown signer.",
          "Set C2PA_CERT and C2PA_KEY; docs/configuration.md says what they need.",
        );
      const fault = await library.findSigningFault(signing);
      if (fault !== null) return fail(`C2PA_CERT: ${fault}.`, "Ask the CA for another certificate.");
      const endsOn = new Date(signing.expiresAtMs).toISOString().slice(0, 10);
      const days = Math.floor((signing.expiresAtMs - nowMs) / dayMs);
      if (days <= warnDays)
        return warn(
          `The certificate in C2PA_CERT ends on ${endsOn}, in ${days} days; the worker then refuses to start.`,
          "Renew it, and set C2PA_CERT and C2PA_KEY.",
        );
      return ok(`films are signed; the certificate ends on ${endsOn}`);
    },
  };
}
