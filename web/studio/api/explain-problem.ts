import { isConfigurationCode } from "../../../contract/ai-configuration.ts";
import { limits } from "../../../contract/limits.ts";
import { ApiProblem } from "../../shared/api-problem.ts";

export interface Explained {
  title: string;
  advice: string;
  code: string;
}

/** An error as a title and an advice for the person, with the code for the documentation. */
export function explainProblem(error: unknown): Explained {
  if (!(error instanceof ApiProblem)) {
    return {
      title: "This page has an error",
      advice: "Reload the page. Your dream is not lost.",
      code: "page.error",
    };
  }
  const { code } = error;
  if (code === "dream.not_allowed")
    return { title: "This dream cannot be filmed as it is", advice: error.message, code };
  if (code === "cast.not_allowed")
    return { title: "One of your people cannot be shown as described", advice: error.message, code };
  const [title, advice] = known[code] ?? byKind(error);
  return { title, advice, code };
}

const storyboardChanged = [
  "The storyboard was changed elsewhere",
  "You see the newest one now. Look at it, and change it again if you like.",
] as const;

const known: Record<string, readonly [string, string]> = {
  "network.unreachable": [
    "No connection",
    "Check the network, then try again. A film that is being made continues.",
  ],
  "auth.missing": ["A key is needed", "Enter your API key to continue."],
  "auth.invalid": ["This key is not valid", "It may have been revoked. Enter another key."],
  "auth.forbidden": ["This key has no permission for that", "Use another key, or leave the option out."],
  "request.too_large": ["That dream is too long", "Shorten it and try again."],
  "request.rate_limited": ["Too many requests", "Wait a moment, then try again."],
  "dream.not_found": ["This dream does not exist", "It was deleted, or it belongs to another account."],
  "dream.transcript_missing": ["The dream has no text yet", "Write down the dream first."],
  "job.active": ["The film is already being made", "Wait until it is ready, or cancel it."],
  "job.finished": ["The film has already ended", "There is nothing to cancel."],
  "job.not_waiting": ["This film waits for nothing", "It is being made already, or it was stopped."],
  "storyboard.changed": storyboardChanged,
  "storyboard.stale": storyboardChanged,
  "job.too_many_waiting": [
    "Too many films wait for you",
    "Make or cancel some of those that wait, or make this one without looking first.",
  ],
  "photo.type_unsupported": [
    "A photo must be a JPEG, PNG or WebP picture that does not move",
    "Choose another photo. Of a HEIC or AVIF file, save a JPEG first.",
  ],
  "photo.too_large": [
    "The photo is too large",
    `Choose one of at most ${limits.photoBytes / 1024 ** 2} MiB and ${limits.photoPixels / 1e6} megapixels.`,
  ],
  "photo.too_small": [
    "The photo is too small",
    `Choose one of at least ${limits.photoEdge} pixels on each side.`,
  ],
  "photo.unreadable": ["The photo is cut off or damaged", "Choose another photo, or save it anew."],
  "photo.too_many": ["The maximum number of people have a photo", "Remove a photo to make room."],
  "cast.not_found": ["It is not among your people any more", "Close the list and open it again."],
  "takes.active": ["Pictures or voices are being bought already", "Wait until they are there."],
  "takes.own_voice": [
    "The dreamer's own voice narrates this film",
    "Make another version of the film to choose a voice.",
  ],
  "budget.job_exceeded": [
    "The film would cost more than its limit",
    "Raise the limit, or make a shorter film.",
  ],
  "budget.owner_exceeded": [
    "The budget for today is spent",
    "Try again tomorrow, or ask the operator of the service.",
  ],
  "openai.refused": [
    "The AI provider refused the content",
    "Describe the dream in other words and try again.",
  ],
  "ai.outcome_unknown": [
    "A purchase could not be confirmed",
    "Try again. Finished parts are kept, and only missing parts are bought.",
  ],
  "internal.unavailable": ["A part of the service does not respond", "Try again in a moment."],
  "setup.incomplete": ["The service is not set up completely", "The operator finds the reason at /health."],
};

/** Statuses of a request that has to be changed before it can succeed. */
const wrongRequest = new Set([400, 413, 422]);

/** For codes without a text above: the service's message, and an advice by the code and the status. */
function byKind(problem: ApiProblem): readonly [string, string] {
  const { code, status } = problem;
  // The caller ends the title with a full stop; a service's `detail` has one already.
  const message = problem.message.replace(/\.$/, "");
  if (isConfigurationCode(code))
    return [message, "Your dream is not the cause. Try again when the service is repaired."];
  if (wrongRequest.has(status)) return [message, "Change what you entered and try again."];
  return [message || "Something went wrong", "Try again. If it fails again, report the code below."];
}
