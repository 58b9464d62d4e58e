/** What the film would cost, beside the button that asks for it. It is a courtesy: where it can not be had, nothing is said. */
import { limits } from "../../../contract/limits.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { byId, setText } from "../../shared/element.ts";
import { estimateFilm } from "../api/api.ts";
import { readKey } from "../api/key.ts";
import { inUnits } from "../watch/describe-progress.ts";
import type { Choices } from "./remember-choices.ts";

/** Nobody wants a number for each letter. */
const restMs = 600;
let asking = new AbortController();

/** Shows it once nothing has changed for a moment; the last call counts. */
export function showEstimate(transcript: string, choices: Choices): void {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const isAskable =
    hasVisibleText(transcript) && [...transcript].length <= limits.transcriptChars && readKey();
  if (!isAskable) {
    show("");
    return;
  }
  setTimeout(async () => {
    if (signal.aborted) return;
    const estimate = await estimateFilm(transcript, choices, signal).catch(() => null);
    if (signal.aborted) return;
    show(
      estimate === null
        ? ""
        : `about $${estimate.cost_usd.toFixed(2)} for ${inUnits(Math.round(estimate.seconds))}`,
    );
  }, restMs);
}

function show(text: string): void {
  setText(byId("estimate", HTMLOutputElement), text);
}
