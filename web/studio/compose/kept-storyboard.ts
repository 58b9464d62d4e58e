/**
 * Says above the form that a new version starts from the storyboard which its owner has changed, and offers a
 * new one.
 */
import { byId } from "../../shared/element.ts";

const note = byId("compose-kept", HTMLElement);
const box = byId("new-storyboard", HTMLInputElement);

/** Shows the note, or hides it. */
export function offerNewStoryboard(isOffered: boolean): void {
  note.hidden = !isOffered;
  box.checked = false;
}

/** What the request for the film says of it. */
export const readNewStoryboard = (): { new_storyboard?: true } =>
  !note.hidden && box.checked ? { new_storyboard: true } : {};
