import { codeOf } from "../errors.ts";
import { CircuitBreaker } from "../flow/circuit-breaker.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Transcribe } from "./ai.ts";

/**
 * Wraps `transcribe` with metrics and a circuit breaker, as `guardAi` does for the capabilities of a film.
 */
export function guardTranscriber(
  transcribe: Transcribe,
  metrics: Pick<Metrics, "aiCall" | "circuit">,
): Transcribe {
  const breaker = new CircuitBreaker();
  return async (request, signal) => {
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
}
