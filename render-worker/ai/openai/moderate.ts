import { APIError } from "openai";
import { blockedCategories, moderationPatienceMs } from "../../../contract/moderation.ts";
import { codeOf } from "../../errors.ts";
import type { Logger } from "../../runtime/log.ts";
import type { Metrics } from "../../runtime/metrics.ts";
import type { ModerationProvider } from "../../runtime/providers.ts";
import { missingStatuses } from "../vendor-faults.ts";
import { connect } from "./connect.ts";

/**
 * Finds the first text that providers would refuse: its index, or null if there is none or the provider does
 * not tell. Never throws, except for the signal's reason.
 */
export type Moderate = (texts: readonly string[], signal: AbortSignal) => Promise<number | null>;

/** Texts of one call, and the part of a text that is sent. */
const textsAtOnce = 64;
const longestText = 4_000;
/**
 * Asks the text model's provider. A provider without the endpoint or the model is asked once in the process's
 * life. A call that fails or is slow says nothing about the texts, and the film goes on.
 *
 * @param patienceMs for all calls about one film
 */
export function createModerator(
  provider: ModerationProvider | null,
  log: Pick<Logger, "info">,
  metrics: Pick<Metrics, "moderated">,
  patienceMs = moderationPatienceMs,
): Moderate {
  if (provider === null) return async () => null;
  const { moderations } = connect({ ...provider, timeoutMs: patienceMs });
  let isMissing = false;
  return async (texts, signal) => {
    if (isMissing) return null;
    const until = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    try {
      for (let at = 0; at < texts.length; at += textsAtOnce) {
        const input = texts
          .slice(at, at + textsAtOnce)
          .map((text) => text.slice(0, longestText).toWellFormed());
        const { results } = await moderations.create({ model: provider.model, input }, { signal: until });
        const found = results.findIndex(({ categories, category_scores }) =>
          isBlocked({ ...categories }, { ...category_scores }),
        );
        if (found < 0) continue;
        metrics.moderated("blocked");
        return at + found;
      }
      metrics.moderated("passed");
    } catch (error) {
      signal.throwIfAborted();
      const status = error instanceof APIError ? error.status : undefined;
      isMissing = error instanceof APIError && (missingStatuses.has(status ?? 0) || error.param === "model");
      metrics.moderated(isMissing ? "missing" : "skipped");
      // Neither the words nor the provider's message, which may quote them.
      log.info({ code: status ?? codeOf(error), is_missing: isMissing }, "moderation.skipped");
    }
    return null;
  };
}

const isBlocked = (flags: Record<string, boolean | null>, scores: Record<string, number>) =>
  Object.entries(blockedCategories).some(([name, { from }]) => flags[name] && (scores[name] ?? 0) >= from);
