import { codeOf } from "../errors.ts";
import { CircuitBreaker } from "../flow/circuit-breaker.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Transcribe } from "./ai.ts";

export type GuardedTranscribe = Transcribe & {
  /** Lets the next call through although an earlier one has shown a wrong configuration. */
  retryConfiguration(): void;
};

/**
 * Wraps `transcribe` with metrics and a circuit breaker, as `guardAi` does for the capabilities of a film.
 */
export function guardTranscriber(
  transcribe: Transcribe,
  metrics: Pick<Metrics, "aiCall" | "circuit">,
): GuardedTranscribe {
  const breaker = new CircuitBreaker();
  const guarded: Transcribe = async (request, signal) => {
    try {
      const answer = await breaker.run(() => transcribe(request, signal));
      metrics.aiCall("transcription", "ok");
      return answer;
    } catch (error) {
      metrics.aiCall("transcription", codeOf(error));
      throw error;
    } finally {
      metrics.circuit("transcription", breaker.isOpen);
    }
  };
  return Object.assign(guarded, { retryConfiguration: () => breaker.forgetConfiguration() });
}
