import type { Capability } from "../../contract/charge.ts";
import { codeOf } from "../errors.ts";
import { CircuitBreaker } from "../flow/circuit-breaker.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Ai } from "./ai.ts";

export interface GuardedAi extends Ai {
  /** The provider of this capability is away, as far as its last calls tell. */
  isAway(kind: Capability): boolean;
  /** A call of this capability has succeeded in the last minutes. */
  hasRecentSuccess(kind: Capability): boolean;
  /** @throws Rejected where a call of late has shown that a capability is wrongly configured: nothing is to be bought */
  assertConfigured(): void;
}

/**
 * The same AI, counted, and left alone while it is away: one circuit breaker for each capability, which has one provider.
 * Results are error codes of ours, never a vendor's words.
 */
export function guardAi(ai: Ai, metrics: Pick<Metrics, "aiCall" | "circuit">): GuardedAi {
  const breakers = { text: new CircuitBreaker(), picture: new CircuitBreaker(), voice: new CircuitBreaker() };
  const guarded = async <T>(kind: Capability, call: () => Promise<T>): Promise<T> => {
    try {
      const answer = await breakers[kind].run(call);
      metrics.aiCall(kind, "ok");
      return answer;
    } catch (error) {
      metrics.aiCall(kind, codeOf(error));
      throw error;
    } finally {
      metrics.circuit(kind, breakers[kind].isOpen);
    }
  };
  return {
    isAway: (kind) => breakers[kind].isOpen,
    hasRecentSuccess: (kind) => breakers[kind].hasRecentSuccess,
    assertConfigured: () => {
      for (const { wrongConfiguration } of Object.values(breakers))
        if (wrongConfiguration) throw wrongConfiguration;
    },
    write: (request, signal) => guarded("text", () => ai.write(request, signal)),
    paint: (request, signal) => guarded("picture", () => ai.paint(request, signal)),
    speak: (request, signal) => guarded("voice", () => ai.speak(request, signal)),
  };
}
