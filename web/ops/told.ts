/** What came of something that was done, at the foot of the page for a while. */
import { byId, setText } from "../shared/element.ts";

const node = byId("told", HTMLElement);
const shownMs = 12_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function tell(text: string, isBad = false): void {
  setText(node, text);
  node.classList.toggle("bad", isBad);
  node.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    node.hidden = true;
  }, shownMs);
}
