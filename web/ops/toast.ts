/** A message at the bottom of the page that disappears after 12 s. */
import { byId, setText } from "../shared/element.ts";

const node = byId("toast", HTMLElement);
const shownMs = 12_000;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows the result of an action; it replaces the message before. */
export function showToast(text: string, isBad = false): void {
  setText(node, text);
  node.classList.toggle("bad", isBad);
  node.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    node.hidden = true;
  }, shownMs);
}
