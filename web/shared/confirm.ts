import { byId, setText } from "./element.ts";
import { untilClosed } from "./until-closed.ts";

const dialog = byId("confirm-dialog", HTMLDialogElement);

/** Asks for confirmation; `yes` is the text of the button. Escape and the first button mean no. */
export async function confirmed(title: string, text: string, yes: string): Promise<boolean> {
  setText(byId("confirm-title", HTMLElement), title);
  setText(byId("confirm-text", HTMLElement), text);
  setText(byId("confirm-yes", HTMLButtonElement), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  await untilClosed(dialog);
  return dialog.returnValue === "yes";
}
