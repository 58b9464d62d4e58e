/** The takes of a scene side by side, updated in place while they are being bought. */
import type { Take } from "../../../../contract/takes.ts";
import { byId, element, setText } from "../../../shared/element.ts";
import { loadPicture } from "../../watch/load-picture.ts";
import { describeNote, describeTake } from "./describe-takes.ts";

const list = byId("takes", HTMLUListElement);

interface Card {
  item: HTMLLIElement;
  picture: HTMLImageElement | null;
  sound: HTMLAudioElement | null;
  name: HTMLElement;
  note: HTMLElement;
  chosen: HTMLElement;
  use: HTMLButtonElement;
}

/** Empties the list. The function that it gives shows these takes; `choose` is called for the one to use. */
export function createTakeCards(choose: (take: Take) => void): (takes: readonly Take[]) => void {
  const cards = new Map<string, Card>();
  list.replaceChildren();
  return (takes) => {
    for (const take of takes) {
      const card = cards.get(take.id) ?? addCard(take, choose);
      cards.set(take.id, card);
      fillCard(card, take);
    }
  };
}

function addCard(take: Take, choose: (take: Take) => void): Card {
  const isPicture = take.asset === "picture";
  const picture = isPicture ? element("img", { alt: "", hidden: true }) : null;
  const sound = isPicture ? null : element("audio", { controls: true, preload: "none", hidden: true });
  const name = element("p", { class: "take-name" });
  const note = element("p", { class: "take-note", hidden: true });
  const chosen = element("p", { class: "badge", hidden: true }, "In the film");
  const use = element("button", { type: "button", hidden: true }, "Use this one");
  const box = picture && element("div", { class: "take-picture" }, picture);
  const item = element("li", { class: "take" }, box, name, sound, note, chosen, use);
  use.addEventListener("click", () => choose(take));
  list.append(item);
  return { item, picture, sound, name, note, chosen, use };
}

function fillCard({ item, picture, sound, name, note, chosen, use }: Card, take: Take): void {
  const words = describeTake(take);
  setText(name, words);
  if (picture && take.picture_url !== null) loadPicture(picture, take.picture_url);
  // A voice of a film has no file of its own: the film is played from the scene's beginning to its end.
  const heard = take.audio_url ?? take.film_url;
  if (sound && heard !== null && sound.src !== heard) {
    sound.src = heard;
    sound.hidden = false;
    sound.setAttribute("aria-label", words);
  }
  setText(note, describeNote(take));
  note.hidden = note.textContent === "";
  item.title = take.prompt;
  item.classList.toggle("chosen", take.is_chosen);
  item.classList.toggle("painting", take.status === "making");
  chosen.hidden = !take.is_chosen;
  use.hidden = take.is_chosen || take.status !== "ready";
  use.setAttribute("aria-label", `Use this one: ${words}`);
}
