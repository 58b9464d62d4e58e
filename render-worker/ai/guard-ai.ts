import type { Capability } from "../../contract/charge.ts";
import { codeOf } from "../errors.ts";
import { CircuitBreaker } from "../flow/circuit-breaker.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Ai } from "./ai.ts";

export interface GuardedAi extends Ai {
  /** The circuit breaker of this capability is open. */
  isAway(kind: Capability): boolean;
  /** A call of this capability has succeeded in the last ten minutes. */
  hasRecentSuccess(kind: Capability): boolean;
  /**
   * @throws Rejected if a recent call has shown that a capability is wrongly configured: nothing more must be
   *   bought
   */
  assertConfigured(): void;
}

/**
 * Wraps `ai` with metrics and with one circuit breaker for each capability. The `result` label is an error
 * code of the worker, never a vendor's text.
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
