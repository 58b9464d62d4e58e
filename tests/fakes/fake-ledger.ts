/** A ledger in memory that permits every purchase, for tests of its clients. It stores its requests. */

import type { Settlement } from "../../contract/charge.ts";
import type { ChargeAnswer, ChargeDecision, ChargeRequest } from "../../contract/charge-request.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import type { AssetPorts } from "../../render-worker/purchases/find-or-buy.ts";
import { createFirstCalls } from "../../render-worker/purchases/first-calls.ts";
import { createLedgerClient } from "../../render-worker/purchases/ledger-client.ts";
import { aiPolicy } from "../../render-worker/purchases/purchase-policy.ts";

export interface FakeLedger {
  /** Calls of the endpoint, in order. */
  calls: ChargeRequest[];
  /** Settlements in reports. */
  settled: Settlement[];
  /** Fingerprints that were reported as used. */
  used: string[];
  /** Micro-dollars, by purchase. */
  spent: number[];
  /** Ports of an asset store with this ledger. */
  ports(storage: AssetPorts["storage"], signal: AbortSignal): AssetPorts;
}

/** `rule` decides about a charge; null: `go`. */
export function createFakeLedger(
  rule: (fingerprint: string, nth: number) => ChargeDecision | null = () => null,
  exceededBudget: ChargeAnswer["short_of"] = null,
): FakeLedger {
  const calls: ChargeRequest[] = [];
  const settled: Settlement[] = [];
  const used: string[] = [];
  const spent: number[] = [];
  const asked = new Map<string, number>();
  const charge = async (_: string, request: ChargeRequest): Promise<ChargeAnswer> => {
    calls.push(request);
    const decide = (fingerprint: string) => {
      const nth = (asked.get(fingerprint) ?? 0) + 1;
      asked.set(fingerprint, nth);
      return rule(fingerprint, nth) ?? "go";
    };
    return {
      charges: [
        ...request.reserve.map(({ fingerprint }) => ({ fingerprint, decision: decide(fingerprint) })),
        ...request.send
          .filter((sent) => !request.reserve.some(({ fingerprint }) => fingerprint === sent))
          .map((fingerprint) => ({ fingerprint, decision: "go" as const })),
      ],
      short_of: exceededBudget,
      reported: null,
    };
  };
  return {
    calls,
    settled,
    used,
    spent,
    ports: (storage, signal) => ({
      storage,
      ledger: createLedgerClient({ charge }, { job_id: "j", attempt: 1 }, signal),
      purchases: new Slots(8),
      firstCalls: createFirstCalls({ hasRecentSuccess: () => true, assertConfigured: () => {} }),
      policy: { ...aiPolicy, unknownPauseMs: 10 },
      graceMs: 1_000,
      metrics: { assetReused: () => {}, spent: () => {} },
      progress: {
        settle: (settlement) => void settled.push(settlement),
        spent: (microUsd) => void spent.push(microUsd),
        useAsset: (fingerprint) => void used.push(fingerprint),
        reused: () => {},
      },
    }),
  };
}
