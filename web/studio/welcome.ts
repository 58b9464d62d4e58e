import { byId } from "../shared/element.ts";

const section = byId("welcome", HTMLElement);
const film = byId("sample-film", HTMLVideoElement);

/**
 * Shows what the service makes to a person who has no key yet, or hides it. Loads the film when it is played.
 */
export function showWelcome(isShown: boolean): void {
  section.hidden = !isShown;
  film.pause();
  if (!isShown || film.src !== "") return;
  film.poster = "sample/poster.jpg";
  film.src = "sample/film.mp4";
}
