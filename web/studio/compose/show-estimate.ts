/** The estimated cost beside the submit button. It is optional: without an estimate the place stays empty. */
import type { Estimate } from "../../../contract/cost.ts";
import { limits } from "../../../contract/limits.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { byId, setText } from "../../shared/element.ts";
import { estimateFilm } from "../api/api.ts";
import { readKey } from "../api/key.ts";
import { inUnits } from "../watch/describe-progress.ts";
import type { Choices } from "./remember-choices.ts";

/** The pause after the last change, so that not every letter makes a call. */
const debounceMs = 600;
let pending = new AbortController();

/** Shows the estimate after a short pause. A later call replaces an earlier one. */
export function showEstimate(transcript: string, choices: Choices): void {
  pending.abort();
  pending = new AbortController();
  const { signal } = pending;
  const canEstimate =
    hasVisibleText(transcript) && [...transcript].length <= limits.transcriptChars && readKey();
  if (!canEstimate) {
    show("");
    return;
  }
  setTimeout(async () => {
    if (signal.aborted) return;
    const estimate = await estimateFilm(transcript, choices, signal).catch(() => null);
    if (signal.aborted) return;
    show(estimate === null ? "" : describe(estimate));
  }, debounceMs);
}

/** An edge that is older than `fills_length` leaves it out. */
function describe({ cost_usd, seconds, fills_length }: Partial<Estimate> & Cost): string {
  const length = inUnits(Math.round(seconds));
  const price = `about $${cost_usd.toFixed(2)}`;
  return fills_length === false ? `${price}: your words fill about ${length}` : `${price} for ${length}`;
}
type Cost = Pick<Estimate, "cost_usd" | "seconds">;

function show(text: string): void {
  setText(byId("estimate", HTMLOutputElement), text);
}
