import { byId, setText } from "./element.ts";

/**
 * Makes a screen reader speak `text` after its current speech. The empty text removes the last one, which a
 * person would otherwise find at the end of a page that it is not about.
 */
export function announce(text: string): void {
  setText(byId("announcer", HTMLElement), text);
}
