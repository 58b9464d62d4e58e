/** The bar and the buttons below a film. */
import { byId, setText } from "../../shared/element.ts";
import { type FilmState, hasEndedWithout, isActive, isMaking, unknownFilm, watchable } from "./film-state.ts";

export const cancel = byId("cancel", HTMLButtonElement);
export const again = byId("again", HTMLButtonElement);
export const remove = byId("delete", HTMLButtonElement);

/** How much of the film is made. Hidden when it is not being made. */
export function showBar(film: FilmState): void {
  const bar = byId("bar", HTMLElement);
  bar.hidden = !isMaking(film);
  bar.setAttribute("aria-valuenow", String(film.percent));
  byId("bar-fill", HTMLElement).style.setProperty("--share", String(film.percent / 100));
}

/** The buttons that the film's state allows. */
export function showActions(film: FilmState): void {
  const download = byId("download", HTMLAnchorElement);
  const { video: address } = watchable(film);
  download.hidden = address === null;
  if (address !== null) download.href = `${address}?download`;
  cancel.hidden = !isActive(film);
  const makeAgain = byId("make-again", HTMLAnchorElement);
  makeAgain.hidden = isActive(film) || film === unknownFilm;
  setText(makeAgain, film.status === "completed" ? "Make another version" : "Change words or look");
  again.hidden = !hasEndedWithout(film);
  remove.hidden = film.status === null || isActive(film);
}
