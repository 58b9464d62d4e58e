/** Says above the form what a new version loses of a film whose scenes were made again. */
import { byId, setText } from "../../shared/element.ts";
import { describeLoss } from "./film-words.ts";

const note = byId("compose-loss", HTMLElement);
const button = byId("use-film-words", HTMLButtonElement);
let words: string | null = null;

/** Connects the button: `use` puts the film's words into the form. Called once. */
export function setUpLoss(use: (words: string) => void): void {
  button.addEventListener("click", () => {
    if (words !== null) use(words);
    button.hidden = true;
  });
}

/** Shows the note about the film that says `filmed`; `written` are the words in the form. */
export function showLoss(filmed: string | null, written: string): void {
  const { text, canUseWords } = describeLoss(filmed, written);
  words = filmed;
  setText(byId("compose-loss-text", HTMLElement), text);
  button.hidden = !canUseWords;
  note.hidden = false;
}

/** Hides the note. */
export function hideLoss(): void {
  note.hidden = true;
}
