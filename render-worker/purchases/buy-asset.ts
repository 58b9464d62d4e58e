/**
 * One purchase, by the book.
 *
 *   reserve ── go ─▶ send ─▶ the provider ─┬─ bytes ─▶ decoded ─▶ R2 ─▶ paid
 *     │               ▲                    ├─ bytes of no use ─▶ paid, and reserve again, within bounds
 *     │               │                    ├─ refused ─▶ a pause ─┐
 *     │               └────────────────────┼──────────────────────┘
 *     │                                    └─ nobody knows ─▶ reserve again, which the ledger grants once
 *     ├─ paid, or another job is at it ─▶ look in R2
 *     └─ over budget, or unknown twice ─▶ the job hears of it
 *
 * Killed at any point: `reserved` was never asked for, `sent` may have been, and bytes in R2 are found by whoever looks.
 */
import type { NewCharge, Settlement } from "../../contract/charge.ts";
import { CodedError, OverBudget, Poison, Rejected, Transient } from "../errors.ts";
import { backoffMs, pause } from "../flow/retry.ts";
import type { Slots } from "../flow/slots.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { Decision, LedgerClient } from "./ledger-client.ts";
import type { AiPolicy } from "./purchase-policy.ts";

export interface PurchaseRequest {
  charge: NewCharge;
  /** Resolves when the call may be made: see first-calls.ts. */
  waitForTurn?(signal: AbortSignal): Promise<void>;
  /** Calls the provider. An answer of no use is paid all the same: its `useless` says why it is of none. */
  call(signal: AbortSignal): Promise<Purchase>;
}

/** `costMicroUsd`: null where the provider did not say; the ceiling is booked. */
export type Purchase = { costMicroUsd: number | null; requestId: string | null } & (
  | { bytes: Uint8Array }
  | { useless: Unusable }
);

/** Why what was paid is of no use. All but `Rejected` is bought again, within bounds. */
export type Unusable = Transient | Rejected | Poison;

/** What is paid, in millionths of a dollar. */
export interface Price {
  microUsd: number;
  /** The provider did not say: `microUsd` is the most that it can be. */
  isEstimated: boolean;
}

/** What decoding told of the bytes that were bought. */
export interface Examination {
  /** Where the price depends on it. */
  costMicroUsd: number | null;
  useless?: Poison;
  /** Why they could not be examined, where that is not their fault. They are stored, and examined when found. */
  failure?: Error;
}

export interface BuyingPorts {
  ledger: LedgerClient;
  slots: Slots;
  policy: AiPolicy;
  signal: AbortSignal;
  /** Aborts later than `signal`: what is under way may end. */
  graceSignal: AbortSignal;
  /** True where R2 has it by now, and it can be used. */
  find(): Promise<boolean>;
  /** Rejects only where the disk is full. */
  examine(bytes: Uint8Array): Promise<Examination>;
  /** Stores the bytes that were examined. `isVerified`: they can be used. */
  store(price: Price, isVerified: boolean): Promise<void>;
  /** Goes along with the next report. */
  settle(settlement: Settlement): void;
  spent(costMicroUsd: number): void;
}

/** How long to leave another job alone with a purchase that we want as well. */
const waitMs = 1_500;

/**
 * Resolves to what it cost, or null where another job had bought it.
 * @throws what the job has to do about it; `Unusable` where what was paid for is of no use time and again
 */
export async function buyAsset(request: PurchaseRequest, ports: BuyingPorts): Promise<Price | null> {
  const { ledger, find, signal } = ports;
  const { fingerprint } = request.charge;
  let answer = await ledger.ask({ reserve: request.charge });
  let purchases = 0;
  for (let tryNumber = 1; ; ) {
    const { decision } = answer;
    if (decision === "go") {
      const result = await attemptCall(request, ports, tryNumber);
      if (result.outcome === "bought") return result.price;
      if (result.outcome === "useless" && isLast(result.why)) {
        ports.settle(result.settlement);
        throw result.why;
      }
      // Before the pause: a worker that dies in it has left no purchase that nobody knows of.
      answer = await ledger.ask({
        settle: result.settlement,
        ...(result.outcome === "retry" ? { reserve: request.charge } : {}),
        ...(result.outcome === "useless" ? { reserve: { ...request.charge, gone: true } } : {}),
      });
      // What there is no money for is done without, where that can be.
      const cannotRebuy = answer.decision === "over_budget" && result.outcome === "useless";
      if (cannotRebuy && result.why instanceof Poison) throw result.why;
      if (answer.decision === "go") await pause(result.delayMs, signal);
      tryNumber++;
    } else if (decision === "paid") {
      if (await find()) return null;
      answer = await ledger.ask({ reserve: { ...request.charge, gone: true } });
    } else if (decision === "wait") {
      await pause(waitMs, signal);
      if (await find()) return null;
      answer = await ledger.ask({ reserve: request.charge });
    } else if (decision === "unreadable") {
      // A newer worker may know what the edge means.
      throw new Transient("edge.decision_unreadable", "The worker is older than the edge", {
        isOutage: true,
      });
    } else throw decisionError(answer);
  }

  function isLast(why: Unusable): boolean {
    purchases++;
    return why instanceof Rejected || purchases >= ports.policy.unusablePurchases || signal.aborted;
  }

  /** A look at the ledger, a call, and what became of it. */
  async function attemptCall(
    { call, waitForTurn }: PurchaseRequest,
    { slots, graceSignal, policy, ...ports }: BuyingPorts,
    tryNumber: number,
  ) {
    const settlement = (
      outcome: Settlement["outcome"],
      price: Price = { microUsd: 0, isEstimated: false },
      requestId: string | null = null,
    ) => ({
      fingerprint,
      outcome,
      cost_micro_usd: price.microUsd,
      estimated: price.isEstimated,
      request_id: requestId,
    });
    let isSent = false;
    let purchase: Purchase;
    try {
      await waitForTurn?.(signal);
      purchase = await slots.run(signal, async () => {
        await ledger.ask({ send: fingerprint });
        isSent = true;
        failpoint("asset.sent");
        return call(graceSignal);
      });
    } catch (error) {
      // Stopped before the call: the ledger may have heard that it would be made, and hears that it was not.
      if (!isSent) {
        ports.settle(settlement("failed"));
        throw error;
      }
      const outcome = outcomeOf(error, graceSignal);
      const isFinal = !(error instanceof Transient) || tryNumber >= policy.tries || signal.aborted;
      const askedMs = error instanceof Transient ? (error.retryAfterMs ?? 0) : 0;
      if (isFinal || askedMs > policy.maxDelayMs) {
        ports.settle(settlement(outcome === "unknown" ? "unknown" : "failed"));
        throw error;
      }
      const leastMs = outcome === "unknown" ? policy.unknownPauseMs : 0;
      const delayMs = Math.max(askedMs, leastMs) + backoffMs(policy, tryNumber);
      return { outcome: "retry" as const, settlement: settlement(outcome), delayMs };
    }
    failpoint("asset.bought");
    const found: Examination & { useless?: Unusable } =
      "bytes" in purchase ? await ports.examine(purchase.bytes) : { ...purchase, costMicroUsd: null };
    const price = priceOf(purchase.costMicroUsd ?? found.costMicroUsd, request.charge);
    const paid = settlement("paid", price, purchase.requestId);
    ports.spent(price.microUsd);
    if (found.useless) {
      const delayMs = backoffMs(policy, tryNumber);
      return { outcome: "useless" as const, why: found.useless, settlement: paid, delayMs };
    }
    await ports.store(price, found.failure === undefined);
    failpoint("asset.stored");
    ports.settle(paid);
    if (found.failure) throw found.failure;
    return { outcome: "bought" as const, price };
  }
}

/** What is not known is booked as the most that it can be, so that budgets hold. */
const priceOf = (costMicroUsd: number | null, { ceiling_micro_usd }: NewCharge): Price => ({
  microUsd: costMicroUsd ?? ceiling_micro_usd,
  isEstimated: costMicroUsd === null,
});

/** A call that the attempt's end broke off may have been carried out, and so may one that a bug broke off. */
function outcomeOf(error: unknown, graceSignal: AbortSignal): "unknown" | "refused" {
  if (graceSignal.aborted || !(error instanceof CodedError)) return "unknown";
  return error.mayBePaid ? "unknown" : "refused";
}

/** The owner may ask for the film again, knowing what may have been paid. */
function decisionError({ decision, exceededBudget }: Decision): Rejected {
  if (decision === "outcome_unknown")
    return new Rejected("ai.outcome_unknown", "It is not known whether an AI provider was paid, twice over");
  return exceededBudget === "owner"
    ? new OverBudget("budget.owner_exceeded", "The day's budget is spent")
    : new OverBudget("budget.job_exceeded", "The film would cost more than it may");
}
