/**
 * The order of a film's first purchases, so that a capability with a wrong key, model or address is found before anything
 * is bought of another. A provider answers such a call at once, long before it would have made anything; so the others
 * wait for the first answer, but only briefly, and only where no purchase of late has shown that the capability works:
 *
 *   the first voice, which is cheap ── answered, or 2 s ─▶ pictures ── one answered, or 4 s ─▶ the other voices
 *
 * A first scene is delayed by 2 s at most, in the first film that a machine makes.
 */
import type { Capability } from "../../contract/charge.ts";
import type { GuardedAi } from "../ai/guard-ai.ts";
import { CodedError } from "../errors.ts";

/** How long the calls of a capability wait for another one's first answer. */
const longestWaitMs = { picture: 2_000, voice: 4_000 };
const waitsFor = { picture: "voice", voice: "picture" } as const;

export interface FirstCalls {
  /** A purchase of this capability is to be made. Call it before the ledger is asked. */
  register(capability: Capability, scene: number | null): FirstCall;
}

interface FirstCall {
  /** Resolves when its call may be made. Rejects with `signal`'s reason. */
  waitForTurn(signal: AbortSignal): Promise<void>;
  /** The purchase has ended: for `then`. */
  onSettled: [<T>(answer: T) => T, (error: unknown) => never];
}

/** Of the AI: `hasRecentSuccess`: a call of late has succeeded. `assertConfigured` throws what a call of late has shown. */
export function createFirstCalls({
  hasRecentSuccess,
  assertConfigured,
}: Pick<GuardedAi, "hasRecentSuccess" | "assertConfigured">): FirstCalls {
  const answered = { picture: Promise.withResolvers<void>(), voice: Promise.withResolvers<void>() };
  const firstScene = { picture: Number.POSITIVE_INFINITY, voice: Number.POSITIVE_INFINITY };
  return {
    register(capability, scene) {
      // A film whose storyboard is to be bought will need the other two.
      if (capability === "text") return { waitForTurn: async () => assertConfigured(), onSettled: passOn };
      const at = scene ?? 0;
      firstScene[capability] = Math.min(firstScene[capability], at);
      const other = waitsFor[capability];
      return {
        waitForTurn: async (signal) => {
          const isFirstVoice = capability === "voice" && at <= firstScene.voice;
          const isWanted = Number.isFinite(firstScene[other]);
          if (isFirstVoice || !isWanted || hasRecentSuccess(other)) return;
          await answerOrLate(answered[other].promise, longestWaitMs[capability], signal);
          signal.throwIfAborted();
        },
        onSettled: [
          (answer) => {
            answered[capability].resolve();
            return answer;
          },
          (error) => {
            // The film ends because of it: nothing more is to be bought.
            const isWrong = error instanceof CodedError && error.aiFault === "configuration";
            if (!isWrong) answered[capability].resolve();
            throw error;
          },
        ],
      };
    },
  };
}

/** Also an abort ends the wait. */
async function answerOrLate(answer: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
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
