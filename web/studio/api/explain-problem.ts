import { isConfigurationCode } from "../../../contract/ai-configuration.ts";
import { ApiProblem } from "../../shared/api-problem.ts";

export interface Explained {
  title: string;
  advice: string;
  code: string;
}

/** What went wrong in a person's words, and what to do about it. The code stays, for whoever has to look it up. */
export function explainProblem(error: unknown): Explained {
  if (!(error instanceof ApiProblem)) {
    return {
      title: "The page itself stumbled",
      advice: "Reload the page. Nothing of your dream is lost.",
      code: "page.error",
    };
  }
  const { code, message } = error;
  const [title, advice] = known[code] ?? byKind(code, message);
  return { title, advice, code };
}

const known: Record<string, readonly [string, string]> = {
  "network.unreachable": [
    "No connection",
    "Check the network, then try again. A film that is being made goes on without you.",
  ],
  "auth.missing": ["A key is needed", "Enter your API key to go on."],
  "auth.invalid": ["That key opens nothing", "It may have been revoked. Enter another one."],
  "auth.forbidden": ["This key may not do that", "Use a key that may, or leave the option out."],
  "request.too_large": ["That dream is too long", "Shorten it and try again."],
  "request.rate_limited": ["Too many requests", "Wait a moment, then try again."],
  "dream.not_found": ["This dream is gone", "It was deleted, or belongs to another key."],
  "dream.transcript_missing": ["There are no words yet", "Write down the dream first."],
  "dream.busy": ["Its film is being made", "Wait until the film is there, or cancel it."],
  "job.active": ["Its film is being made already", "Wait until it is there, or cancel it."],
  "job.finished": ["It has ended already", "There is nothing left to cancel."],
  "budget.job_exceeded": ["It would cost more than it may", "Allow more, or ask for a shorter film."],
  "budget.owner_exceeded": [
    "The day's budget is spent",
    "Try again tomorrow, or ask whoever runs the service.",
  ],
  "ai.outcome_unknown": [
    "Nobody knows whether something was paid",
    "Try again: what is there already is kept, and only what is missing is bought.",
  ],
  "internal.unavailable": ["A part of the service does not answer", "Try again in a moment."],
  "setup.incomplete": [
    "The service is not set up completely",
    "Whoever runs it finds the reason at /health.",
  ],
};

/** For codes that this page has never heard of: the service's own sentence, and what its family means. */
function byKind(code: string, message: string): readonly [string, string] {
  if (code.startsWith("openai.refused") || code.includes("policy") || code.includes("moderation"))
    return [message, "Tell the dream in other words and try again."];
  if (isConfigurationCode(code))
    return [message, "Nothing is wrong with your dream. Try again once the service is repaired."];
  if (code.startsWith("request.")) return [message, "Change what you entered and try again."];
  return [message || "Something went wrong", "Try again. If it stays, pass on the code below."];
}
