/** The bar and the buttons below a film. */
import { byId, setText } from "../../shared/element.ts";
import { type FilmState, hasEndedWithout, isActive, isMaking, unknownFilm, watchable } from "./film-state.ts";

export const cancel = byId("cancel", HTMLButtonElement);
export const again = byId("again", HTMLButtonElement);
export const againNew = byId("again-new", HTMLButtonElement);
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
  const refused = film.error?.refused ?? null;
  setText(makeAgain, nameOfMakeAgain(film, refused));
  byId("refused", HTMLElement).hidden = refused === null;
  setText(byId("refused-sentence", HTMLElement), refused ?? "");
  // The same words would be refused again.
  again.hidden = !hasEndedWithout(film) || isRefused(film);
  againNew.hidden = again.hidden || !film.isStoryboardEdited;
  remove.hidden = film.status === null || isActive(film);
}

const isRefused = ({ error }: FilmState) => error?.code === "dream.not_allowed";

function nameOfMakeAgain(film: FilmState, refused: string | null): string {
  if (refused !== null) return "Change this sentence and try again";
  return film.status === "completed" ? "Make another version" : "Change words or look";
}
