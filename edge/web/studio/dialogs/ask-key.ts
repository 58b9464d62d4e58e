import { byId, setText } from "../../shared/element.ts";
import { listDreams } from "../api/api.ts";
import { explainProblem } from "../api/explain-problem.ts";
import { forgetKey, keepKey, readKey } from "../api/key.ts";

const dialog = byId("key-dialog", HTMLDialogElement);
const input = byId("key", HTMLInputElement);
const problem = byId("key-problem", HTMLElement);

/** Asks for the key and tries it. Resolves when there is one that opens something, or when it was left as it is. */
export function askKey(): Promise<void> {
  if (!dialog.open) {
    problem.hidden = true;
    input.value = readKey() ?? "";
    dialog.showModal();
    input.select();
  }
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(), { once: true }));
}

byId("key-form", HTMLFormElement).addEventListener("submit", async (event) => {
  event.preventDefault();
  const before = readKey();
  keepKey(input.value);
  try {
    await listDreams(null);
    dialog.close();
  } catch (error) {
    if (before === null) forgetKey();
    else keepKey(before);
    setText(problem, explainProblem(error).title);
    problem.hidden = false;
  }
});
