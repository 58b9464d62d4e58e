/** The error at the top of the page, until the person dismisses it or tries again. */

import { byId, setText } from "../shared/element.ts";
import { explainProblem } from "./api/explain-problem.ts";

const notice = byId("notice", HTMLElement);

/** Shows the error. A missing or invalid key also opens the key dialog. */
export function showNotice(error: unknown): void {
  const { title, advice, code } = explainProblem(error);
  if (code === "page.error") console.error(error);
  setText(byId("notice-title", HTMLElement), title);
  setText(byId("notice-advice", HTMLElement), advice);
  setText(byId("notice-code", HTMLElement), code);
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
  if (code === "auth.invalid" || code === "auth.missing") dispatchEvent(new Event("dreamreel:key-needed"));
}

/** Hides the error, if one is shown. */
export function hideNotice(): void {
  notice.hidden = true;
}

byId("notice-close", HTMLButtonElement).addEventListener("click", hideNotice);
