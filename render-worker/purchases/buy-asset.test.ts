import { expect, it } from "vitest";
import type { NewCharge } from "../../contract/charge-request.ts";
import { type BuyingPorts, buyAsset } from "./buy-asset.ts";
import type { Decision } from "./ledger-client.ts";

const refusals: [Decision, string][] = [
  [{ decision: "over_budget", exceededBudget: "owner", isSent: false }, "budget.owner_exceeded"],
  [{ decision: "over_budget", exceededBudget: "job", isSent: false }, "budget.job_exceeded"],
  [{ decision: "outcome_unknown", exceededBudget: null, isSent: false }, "ai.outcome_unknown"],
];

it.each(refusals)(
  "tells the owner of a segment about the segment, not about a film: %o",
  async (answer, code) => {
    const capabilities = ["transcription", "picture"] as const;
    const messages = capabilities.map(async (capability) => {
      const charge = { capability, fingerprint: "f" } as NewCharge;
      const ports = { ledger: { ask: async () => answer } } as unknown as BuyingPorts;
      const call = () => Promise.reject(new Error("nothing may be bought"));
      const error = await buyAsset({ charge, call }, ports).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code });
      return (error as Error).message;
    });
    const [ofSegment, ofFilm] = await Promise.all(messages);
    expect(ofSegment).not.toMatch(/film/);
    expect(ofFilm).toMatch(/film/);
  },
);
