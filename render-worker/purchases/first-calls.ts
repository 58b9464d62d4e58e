/**
 * The order of a film's first purchases. It finds a wrong key, model or address before other assets are
 * bought. A provider refuses such a call at once, long before it would have made anything. So the other
 * calls wait for the first answer, for a few seconds at most, and only if no recent call has shown that
 * the capability works:
 *
 *   the first voice, which is cheap ── answered or 2 s ─▶ pictures ── one answered or 4 s ─▶ other voices
 *
 * The first scene is delayed by 2 s at most, in the first film of a machine.
 */
import type { PaidCapability } from "../../contract/charge.ts";
import type { GuardedAi } from "../ai/guard-ai.ts";
import { CodedError } from "../errors.ts";

/** How long the calls of a capability wait for the first answer of the other one, in milliseconds. */
const longestWaitMs = { picture: 2_000, voice: 4_000 };
const waitsFor = { picture: "voice", voice: "picture" } as const;

export interface FirstCalls {
  /** Announces a purchase of this capability. Call it before the ledger is asked. */
  register(capability: PaidCapability, scene: number | null): FirstCall;
}

interface FirstCall {
  /** Whether the call may be sent now. Ask it only after all calls of the moment are registered. */
  isItsTurn(): boolean;
  /**
   * Resolves when the call may be sent. @throws the signal's reason; for text, the wrong configuration
   * that a recent call showed
   */
  waitForTurn(signal: AbortSignal): Promise<void>;
  /** Handlers for the end of the purchase, to be given to `then`. They pass its result on. */
  onSettled: [<T>(answer: T) => T, (error: unknown) => never];
}

/**
 * Creates the order for one film.
 *
 * @param ai `hasRecentSuccess`: a recent call has succeeded; `assertConfigured` throws the wrong
 *   configuration that a recent call showed
 */
export function createFirstCalls({
  hasRecentSuccess,
  assertConfigured,
}: Pick<GuardedAi, "hasRecentSuccess" | "assertConfigured">): FirstCalls {
  const answered = { picture: Promise.withResolvers<void>(), voice: Promise.withResolvers<void>() };
  const isConfigured = () => {
    try {
      assertConfigured();
      return true;
    } catch {
      return false;
    }
  };
  const firstScene = { picture: Number.POSITIVE_INFINITY, voice: Number.POSITIVE_INFINITY };
  return {
    register(capability, scene) {
      if (capability === "transcription")
        return { isItsTurn: () => true, waitForTurn: async () => {}, onSettled: passOn };
      // A film that buys its storyboard will also need pictures and voices.
      if (capability === "text")
        return { isItsTurn: isConfigured, waitForTurn: async () => assertConfigured(), onSettled: passOn };
      const sceneIndex = scene ?? 0;
      firstScene[capability] = Math.min(firstScene[capability], sceneIndex);
      const other = waitsFor[capability];
      const isItsTurn = () => {
        const isFirstVoice = capability === "voice" && sceneIndex <= firstScene.voice;
        const isOtherRegistered = Number.isFinite(firstScene[other]);
        return isFirstVoice || !isOtherRegistered || hasRecentSuccess(other);
      };
      return {
        isItsTurn,
        waitForTurn: async (signal) => {
          if (isItsTurn()) return;
          await waitForAnswer(answered[other].promise, longestWaitMs[capability], signal);
          signal.throwIfAborted();
        },
        onSettled: [
          (answer) => {
            answered[capability].resolve();
            return answer;
          },
          (error) => {
            // A wrong configuration ends the film: the waiting calls are never released.
            const isWrong = error instanceof CodedError && error.aiFault === "configuration";
            if (!isWrong) answered[capability].resolve();
            throw error;
          },
        ],
      };
    },
  };
}

/** Resolves on the answer, after `ms`, or when `signal` aborts. Never rejects. */
async function waitForAnswer(answer: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  if (signal.aborted) resolve();
  await Promise.race([answer, promise]);
  clearTimeout(timer);
}

const passOn: FirstCall["onSettled"] = [
  (answer) => answer,
  (error) => {
    throw error;
  },
];
