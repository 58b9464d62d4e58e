import { byId, setText } from "../shared/element.ts";
import { forgetKey, keepKey, readKey } from "./admin-key.ts";
import { readFigures } from "./api.ts";
import { explain } from "./explain.ts";

const dialog = byId("key-dialog", HTMLDialogElement);
const input = byId("key", HTMLInputElement);
const problem = byId("key-problem", HTMLElement);

/** Asks for the key and tries it. Resolves when there is one that opens something, or when it was left as it is. */
export function askKey(): Promise<void> {
  if (!dialog.open) {
    problem.hidden = true;
    input.value = "";
    dialog.showModal();
  }
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(), { once: true }));
}

byId("key-form", HTMLFormElement).addEventListener("submit", async (event) => {
  event.preventDefault();
  const before = readKey();
  keepKey(input.value);
  try {
    await readFigures();
    dialog.close();
  } catch (error) {
    if (before === null) forgetKey();
    else keepKey(before);
    setText(problem, explain(error));
    problem.hidden = false;
    input.select();
  }
});
