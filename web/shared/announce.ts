import { byId, setText } from "./element.ts";

/** Makes a screen reader speak `text` after its current speech. */
export function announce(text: string): void {
  setText(byId("announcer", HTMLElement), text);
}
