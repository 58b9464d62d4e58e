/** The estimated cost beside the submit button. It is optional: without an estimate the place stays empty. */
import { limits } from "../../../contract/limits.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { byId, setText } from "../../shared/element.ts";
import { estimateFilm } from "../api/api.ts";
import { readKey } from "../api/key.ts";
import { showFillsLength } from "./choice-fields.ts";
import { describeEstimate } from "./describe-estimate.ts";
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
    showFillsLength(true);
    return;
  }
  setTimeout(async () => {
    if (signal.aborted) return;
    const estimate = await estimateFilm(transcript, choices, signal).catch(() => null);
    if (signal.aborted) return;
    show(estimate === null ? "" : describeEstimate(estimate, choices.length_seconds));
    showFillsLength(estimate?.fills_length !== false);
  }, debounceMs);
}

function show(text: string): void {
  setText(byId("estimate", HTMLOutputElement), text);
}
