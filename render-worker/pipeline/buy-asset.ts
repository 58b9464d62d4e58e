/**
 * One purchase, by the book.
 *
 *   reserve ── go ─▶ send ─▶ the provider ─┬─ bytes ─▶ R2 ─▶ paid
 *     │               ▲                    ├─ refused ─▶ a pause ─┐
 *     │               └────────────────────┼──────────────────────┘
 *     │                                    └─ nobody knows ─▶ reserve again, which the ledger grants once
 *     ├─ paid, or another job is at it ─▶ look in R2
 *     └─ over budget, or unknown twice ─▶ the job hears of it
 *
 * Killed at any point: `reserved` was never asked for, `sent` may have been, and bytes in R2 are found by whoever looks.
 */
import type { NewCharge, Settlement } from "../../contract/charge.ts";
import { crash } from "../crash.ts";
import { CodedError, OverBudget, Rejected, Transient } from "../errors.ts";
import { backoffMs, pause } from "../retry.ts";
import type { Slots } from "../slots.ts";
import type { AiPolicy } from "./ai-policy.ts";
import type { Ruling, Till } from "./till.ts";

export interface Order {
  charge: NewCharge;
  /** Resolves when the call may be made: see first-calls.ts. */
  turn?(signal: AbortSignal): Promise<void>;
  /**
   * Calls the provider. An answer of no use is paid all the same: its `useless` says why it is of none. It is bought
   * again where that is Transient.
   */
  call(signal: AbortSignal): Promise<Purchase>;
}

export type Purchase = { costMicroUsd: number; requestId: string | null } & (
  | { bytes: Uint8Array }
  | { useless: Transient | Rejected }
);

export interface BuyingPorts {
  till: Till;
  slots: Slots;
  policy: AiPolicy;
  signal: AbortSignal;
  /** Aborts later than `signal`: what is under way may end. */
  lasting: AbortSignal;
  /** True where R2 has it by now. */
  find(): Promise<boolean>;
  store(bytes: Uint8Array, costMicroUsd: number): Promise<void>;
  /** Goes along with the next report. */
  settle(settlement: Settlement): void;
  spent(costMicroUsd: number): void;
}

/** How long to leave another job alone with a purchase that we want as well. */
const waitMs = 1_500;

/** Resolves to what it cost, or null where somebody else had bought it. @throws what the job shall do about it */
export async function buyAsset(order: Order, ports: BuyingPorts): Promise<number | null> {
  const { till, find, signal } = ports;
  const { fingerprint } = order.charge;
  let ruling = await till.ask({ reserve: order.charge });
  for (let tryNumber = 1; ; ) {
    const { decision } = ruling;
    if (decision === "go") {
      const end = await tryOnce(order, ports, tryNumber);
      if (end.outcome === "bought") return end.costMicroUsd;
      // Before the pause: a worker that dies in it has left no purchase that nobody knows of.
      ruling = await till.ask({
        settle: end.settlement,
        ...(end.outcome === "retry" ? { reserve: order.charge } : {}),
        ...(end.outcome === "again" ? { reserve: { ...order.charge, gone: true } } : {}),
      });
      if (ruling.decision === "go") await pause(end.delayMs, signal);
      tryNumber++;
    } else if (decision === "paid") {
      if (await find()) return null;
      ruling = await till.ask({ reserve: { ...order.charge, gone: true } });
    } else if (decision === "wait") {
      await pause(waitMs, signal);
      if (await find()) return null;
      ruling = await till.ask({ reserve: order.charge });
    } else throw refusal(ruling);
  }

  /** A look at the ledger, a call, and what became of it. */
  async function tryOnce(
    { call, turn }: Order,
    { slots, lasting, policy, ...ports }: BuyingPorts,
    tryNumber: number,
  ) {
    const settlement = (outcome: Settlement["outcome"], cost = 0, requestId: string | null = null) => ({
      fingerprint,
      outcome,
      cost_micro_usd: cost,
      request_id: requestId,
    });
    let isSent = false;
    let purchase: Purchase;
    try {
      await turn?.(signal);
      purchase = await slots.run(signal, async () => {
        await till.ask({ send: fingerprint });
        isSent = true;
        crash.at("asset.sent");
        return call(lasting);
      });
    } catch (error) {
      // Stopped before the call: the ledger may have heard that it would be made, and hears that it was not.
      if (!isSent) {
        ports.settle(settlement("failed"));
        throw error;
      }
      const outcome = outcomeOf(error, lasting);
      const isLast = !(error instanceof Transient) || tryNumber >= policy.tries || signal.aborted;
      const askedMs = error instanceof Transient ? (error.retryAfterMs ?? 0) : 0;
      if (isLast || askedMs > policy.maxDelayMs) {
        ports.settle(settlement(outcome === "unknown" ? "unknown" : "failed"));
        throw error;
      }
      const leastMs = outcome === "unknown" ? policy.unknownPauseMs : 0;
      const delayMs = Math.max(askedMs, leastMs) + backoffMs(policy, tryNumber);
      return { outcome: "retry" as const, settlement: settlement(outcome), delayMs };
    }
    const { costMicroUsd, requestId } = purchase;
    crash.at("asset.bought");
    ports.spent(costMicroUsd);
    if ("useless" in purchase) {
      const paid = settlement("paid", costMicroUsd, requestId);
      if (purchase.useless instanceof Transient && tryNumber < policy.tries)
        return { outcome: "again" as const, settlement: paid, delayMs: backoffMs(policy, tryNumber) };
      ports.settle(paid);
      throw purchase.useless;
    }
    await ports.store(purchase.bytes, costMicroUsd);
    crash.at("asset.stored");
    ports.settle(settlement("paid", costMicroUsd, requestId));
    return { outcome: "bought" as const, costMicroUsd };
  }
}

/** A call that the attempt's end broke off may have been carried out, and so may one that a bug broke off. */
function outcomeOf(error: unknown, lasting: AbortSignal): "unknown" | "refused" {
  if (lasting.aborted || !(error instanceof CodedError)) return "unknown";
  return error.mayBePaid ? "unknown" : "refused";
}

/** The owner may ask for the film again, knowing what may have been paid. */
function refusal({ decision, shortOf }: Ruling): Rejected {
  if (decision === "outcome_unknown")
    return new Rejected("ai.outcome_unknown", "It is not known whether an AI provider was paid, twice over");
  return shortOf === "owner"
    ? new OverBudget("budget.owner_exceeded", "The day's budget is spent")
    : new OverBudget("budget.job_exceeded", "The film would cost more than it may");
}
