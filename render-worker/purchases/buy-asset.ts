/**
 * One purchase with the ledger's protocol.
 *
 *   reserve ── go ─▶ send ─▶ the provider ─┬─ bytes ─▶ decoded ─▶ R2 ─▶ settled as paid
 *     │               ▲                    ├─ unusable ─▶ settled as paid, reserved again within bounds
 *     │               │                    ├─ refused ─▶ a pause ─┐
 *     │               └────────────────────┼──────────────────────┘
 *     │                                    └─ unknown outcome ─▶ reserved again, which the ledger grants once
 *     ├─ paid, or another job is buying it ─▶ look in R2
 *     └─ over budget, or a second unknown outcome ─▶ thrown
 *
 * `reserve` and `send` are one call of the ledger if the provider can be called at once.
 *
 * If the process is killed: a charge in state `reserved` was never sent, one in state `sent` may have been,
 * and the next attempt finds bytes that are in R2.
 */

import type { Settlement } from "../../contract/charge.ts";
import type { NewCharge } from "../../contract/charge-request.ts";
import { CodedError, Poison, Rejected, Transient } from "../errors.ts";
import { backoffMs, pause } from "../flow/retry.ts";
import type { Slots } from "../flow/slots.ts";
import { failpoint } from "../runtime/failpoint.ts";
import { decisionError } from "./decision-error.ts";
import type { Decision, LedgerClient } from "./ledger-client.ts";
import type { AiPolicy } from "./purchase-policy.ts";

export interface PurchaseRequest {
  charge: NewCharge;
  /** Whether the call may be sent now: then the ledger hears of it with the reservation. */
  isItsTurn?(): boolean;
  /** Resolves when the call may be sent: see first-calls.ts. */
  waitForTurn?(signal: AbortSignal): Promise<void>;
  /** Calls the provider. An unusable answer is paid for as well; `unusable` says why it is unusable. */
  call(signal: AbortSignal): Promise<Purchase>;
}

/** `costMicroUsd`: null if the provider did not report a cost; the ceiling is booked then. */
export type Purchase = { costMicroUsd: number | null; requestId: string | null } & (
  | { bytes: Uint8Array }
  | { unusable: Unusable }
);

/**
 * Why a paid result cannot be used. Everything but `Rejected` and a refusal is bought again, within bounds.
 */
export type Unusable = Transient | Rejected | Poison;

/** An amount paid, in millionths of a US dollar. */
export interface Price {
  microUsd: number;
  /** The provider reported no cost: `microUsd` is the highest it can be. */
  isEstimated: boolean;
}

/** The result of decoding the bytes that were bought. */
export interface Examination {
  /** The cost, for a capability that is priced by its decoded length. Null otherwise. */
  costMicroUsd: number | null;
  unusable?: Poison;
  /**
   * Why the bytes could not be examined, if they are not at fault. They are stored, and examined when they
   * are found.
   */
  failure?: Error;
}

export interface BuyingPorts {
  ledger: LedgerClient;
  slots: Slots;
  policy: AiPolicy;
  signal: AbortSignal;
  /** Aborts later than `signal`, so that a running call may end. */
  graceSignal: AbortSignal;
  /** True if R2 has the asset by now and it can be used. */
  find(): Promise<boolean>;
  /** Rejects only if the disk is full. */
  examine(bytes: Uint8Array): Promise<Examination>;
  /** Stores the examined bytes. `isVerified`: they decoded without a fault. */
  store(price: Price, isVerified: boolean): Promise<void>;
  /** Queues the settlement for the next progress report. */
  settle(settlement: Settlement): void;
  spent(costMicroUsd: number): void;
}

/** The pause while another job buys the same asset. */
const waitMs = 1_500;

/**
 * Buys one asset, however many calls that takes within the policy.
 *
 * @returns the price paid, or null if another job had bought the asset
 * @throws Rejected or Poison if the asset cannot be bought, OverBudget if the budget is too small, Transient
 *   if the provider is away or the worker is too old, `Unusable` if the paid results were unusable too often,
 *   or the signal's reason
 */
export async function buyAsset(request: PurchaseRequest, ports: BuyingPorts): Promise<Price | null> {
  const { ledger, find, signal } = ports;
  const { fingerprint } = request.charge;
  const first = await reserve();
  let { answer } = first;
  let purchases = 0;
  for (let tryNumber = 1; ; ) {
    const { decision } = answer;
    if (decision === "go") {
      const result = await attemptCall(request, ports, tryNumber, tryNumber === 1 ? first.slot : null);
      if (result.outcome === "bought") return result.price;
      if (result.outcome === "unusable" && isLast(result.why)) {
        ports.settle(result.settlement);
        throw result.why;
      }
      // Settle before the pause: a worker that is killed during the pause must leave no purchase that the
      // ledger does not know.
      answer = await ledger.ask({
        settle: result.settlement,
        ...(result.outcome === "retry" ? { reserve: request.charge } : {}),
        ...(result.outcome === "unusable" ? { reserve: { ...request.charge, gone: true } } : {}),
      });
      // With a usable fallback (Poison) the film goes on without the asset when the budget does not allow
      // another call.
      const cannotRebuy = answer.decision === "over_budget" && result.outcome === "unusable";
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
      // A newer worker may be able to read the decision.
      throw new Transient(
        "edge.decision_unreadable",
        "The worker is older than the edge and cannot read its decision",
        {
          isOutage: true,
        },
      );
    } else throw decisionError(answer, request.charge.capability);
  }

  /**
   * Reserves the charge, and marks it as sent in the same call if a slot is free and the call may be sent
   * now. `slot`: gives that slot back. Null: the charge is not sent yet.
   */
  async function reserve(): Promise<{ answer: Decision; slot: (() => void) | null }> {
    const taken: { slot: (() => void) | null } = { slot: null };
    const canSend = () => {
      if (request.isItsTurn?.()) taken.slot = ports.slots.tryTake();
      return taken.slot !== null;
    };
    try {
      const answer = await ledger.ask({ reserve: request.charge, canSend });
      if (answer.decision === "go" && answer.isSent) return { answer, slot: taken.slot };
      taken.slot?.();
      return { answer, slot: null };
    } catch (error) {
      // The ledger may have recorded the charge as sent.
      if (taken.slot !== null) ports.settle(notCalled(fingerprint));
      taken.slot?.();
      throw error;
    }
  }

  function isLast(why: Unusable): boolean {
    purchases++;
    const isFinal = why instanceof Rejected || why.aiFault === "refused";
    return isFinal || purchases >= ports.policy.unusablePurchases || signal.aborted;
  }

  /**
   * Announces the call to the ledger unless it has a slot, sends it, and examines and stores the result.
   */
  async function attemptCall(
    { call, waitForTurn }: PurchaseRequest,
    { slots, graceSignal, policy, ...ports }: BuyingPorts,
    tryNumber: number,
    slot: (() => void) | null,
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
      const callProvider = async () => {
        isSent = true;
        failpoint("asset.sent");
        return call(graceSignal);
      };
      if (slot === null) await waitForTurn?.(signal);
      purchase = await (slot !== null
        ? callProvider().finally(slot)
        : slots.run(signal, async () => {
            await ledger.ask({ send: fingerprint });
            return callProvider();
          }));
    } catch (error) {
      // The attempt stopped before the call. The ledger may have recorded the announcement, so it is told
      // that no call was made.
      if (!isSent) {
        ports.settle(notCalled(fingerprint));
        throw error;
      }
      const outcome = outcomeOf(error, graceSignal);
      const isFinal = !(error instanceof Transient) || tryNumber >= policy.tries || signal.aborted;
      const askedMs = error instanceof Transient ? (error.retryAfterMs ?? 0) : 0;
      if (isFinal || askedMs > policy.maxDelayMs) {
        ports.settle(settlement(outcome === "refused" ? "failed" : outcome));
        throw error;
      }
      const leastMs = outcome === "unknown" ? policy.unknownPauseMs : 0;
      const delayMs = Math.max(askedMs, leastMs) + backoffMs(policy, tryNumber);
      return { outcome: "retry" as const, settlement: settlement(outcome), delayMs };
    }
    failpoint("asset.bought");
    const found: Examination & { unusable?: Unusable } =
      "bytes" in purchase ? await ports.examine(purchase.bytes) : { ...purchase, costMicroUsd: null };
    const price = priceOf(purchase.costMicroUsd ?? found.costMicroUsd, request.charge);
    const paid = settlement("paid", price, purchase.requestId);
    ports.spent(price.microUsd);
    if (found.unusable) {
      const delayMs = backoffMs(policy, tryNumber);
      return { outcome: "unusable" as const, why: found.unusable, settlement: paid, delayMs };
    }
    // A call whose result could not be stored was paid for all the same.
    await ports.store(price, found.failure === undefined).finally(() => ports.settle(paid));
    failpoint("asset.stored");
    if (found.failure) throw found.failure;
    return { outcome: "bought" as const, price };
  }
}

const notCalled = (fingerprint: string): Settlement => ({
  fingerprint,
  outcome: "failed",
  cost_micro_usd: 0,
  request_id: null,
});

/** An unknown cost is booked at the ceiling, so that budgets hold. */
const priceOf = (costMicroUsd: number | null, { ceiling_micro_usd }: NewCharge): Price => ({
  microUsd: costMicroUsd ?? ceiling_micro_usd,
  isEstimated: costMicroUsd === null,
});

/**
 * A call that a bug ended may have been carried out. One that this worker cut off at the end of its attempt
 * is booked as paid: it tells nothing of the provider, so it must not count as an unknown outcome.
 */
function outcomeOf(error: unknown, graceSignal: AbortSignal): "unknown" | "abandoned" | "refused" {
  if (graceSignal.aborted) return "abandoned";
  if (!(error instanceof CodedError)) return "unknown";
  return error.mayBePaid ? "unknown" : "refused";
}
