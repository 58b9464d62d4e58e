import type { Capability } from "../../contract/charge.ts";
import type { PaidVoiceKind } from "../../contract/voice-kinds.ts";
import { codeOf } from "../errors.ts";
import { CircuitBreaker } from "../flow/circuit-breaker.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { type Ai, type Narration, NoReferences, type PricedResult } from "./ai.ts";
import { type GuardedTranscribe, guardTranscriber } from "./guard-transcriber.ts";

export interface GuardedAi extends Ai {
  /** The circuit breaker of this capability is open; for voices, that of every configured one. */
  isAway(kind: Capability): boolean;
  /** A call of this capability has succeeded in the last ten minutes. */
  hasRecentSuccess(kind: Capability): boolean;
  /**
   * @throws Rejected if a recent call has shown that a capability is wrongly configured: nothing more must be
   *   bought. One working voice is enough
   */
  assertConfigured(): void;
  transcribe: GuardedTranscribe;
  /** False: an `edit` of the last ten minutes has shown that the provider paints from words alone. */
  takesReferences(): boolean;
  /** Lets the calls of a capability that no provider serves, by its configuration, through again. */
  retryConfiguration(): void;
}

/** After this time a film asks again for pictures from references: a refused call costs nothing. */
const withoutReferencesMs = 10 * 60_000;

/**
 * Wraps `ai` with metrics and with one circuit breaker for each provider. The `result` label is an error
 * code of the worker, never a vendor's text.
 *
 * @param voices the configured kinds of voices that are called
 * @param hasFreeVoice the chain ends with a voice that needs no provider
 * @param now milliseconds of a clock that never goes back
 */
export function guardAi(
  ai: Ai,
  metrics: Pick<Metrics, "aiCall" | "circuit">,
  voices: readonly PaidVoiceKind[] = ["speech"],
  hasFreeVoice = false,
  now: () => number = () => performance.now(),
): GuardedAi {
  const breakers: Record<Capability, CircuitBreaker[]> = {
    text: [new CircuitBreaker()],
    picture: [new CircuitBreaker()],
    voice: voices.map(() => new CircuitBreaker()),
  };
  let referencesRefusedAt = Number.NEGATIVE_INFINITY;
  const isAway = (kind: Capability) => breakers[kind].every(({ isOpen }) => isOpen);
  const guarded = async <T>(kind: Capability, call: () => Promise<T>, index = 0): Promise<T> => {
    const breaker = breakers[kind][index];
    if (!breaker) return call();
    try {
      const answer = await breaker.run(call);
      metrics.aiCall(kind, "ok");
      return answer;
    } catch (error) {
      metrics.aiCall(kind, codeOf(error));
      throw error;
    } finally {
      metrics.circuit(kind, isAway(kind));
    }
  };
  return {
    isAway,
    hasRecentSuccess: (kind) => breakers[kind].some(({ hasRecentSuccess }) => hasRecentSuccess),
    assertConfigured: () => {
      for (const [kind, ofKind] of Object.entries(breakers)) {
        const wrong = ofKind.map(({ wrongConfiguration }) => wrongConfiguration);
        if (kind === "voice" && hasFreeVoice) continue;
        if (wrong[0] && wrong.every((one) => one !== null)) throw wrong[0];
      }
    },
    retryConfiguration: () => {
      for (const ofKind of Object.values(breakers))
        if (ofKind.every(({ wrongConfiguration }) => wrongConfiguration !== null))
          for (const breaker of ofKind) breaker.forgetConfiguration();
    },
    write: (request, signal) => guarded("text", () => ai.write(request, signal)),
    paint: (request, signal) => guarded("picture", () => ai.paint(request, signal)),
    edit: async (request, signal) => {
      try {
        return await guarded("picture", () => ai.edit(request, signal));
      } catch (error) {
        if (error instanceof NoReferences) referencesRefusedAt = now();
        throw error;
      }
    },
    takesReferences: () => now() - referencesRefusedAt >= withoutReferencesMs,
    // A film goes on without transcripts, so `isAway` does not know this one.
    transcribe: guardTranscriber((request, signal) => ai.transcribe(request, signal), metrics),
    speak: async (kind, request, signal) => {
      let paid: PricedResult<Narration> | undefined;
      const call = async () => {
        const answer = await ai.speak(kind, request, signal);
        if (!("unusable" in answer.value)) return answer;
        paid = answer;
        throw answer.value.unusable;
      };
      return guarded("voice", call, voices.indexOf(kind)).catch((error: unknown) => {
        // The circuit breaker counts a paid call without a result as a failure; it is booked all the same.
        if (paid) return paid;
        throw error;
      });
    },
  };
}
