import { byId, setText } from "./element.ts";

/** Has a screen reader say it when it is done with what it is saying. */
export function announce(text: string): void {
  setText(byId("announcer", HTMLElement), text);
}
