import { hasVisibleText } from "../../../contract/visible-text.ts";
import { byId, setText } from "../../shared/element.ts";
import { changeDream } from "../api/api.ts";
import { explainProblem } from "../api/explain-problem.ts";

const dialog = byId("rename-dialog", HTMLDialogElement);
const input = byId("rename-name", HTMLInputElement);
const problem = byId("rename-problem", HTMLElement);

/** Asks for the dream's name. Resolves to the name that was stored; null if the person closed the dialog. */
export function askName(dreamId: string, name: string): Promise<string | null> {
  const closing = new AbortController();
  const { signal } = closing;
  input.value = name;
  problem.hidden = true;
  dialog.returnValue = "";
  dialog.showModal();
  input.select();
  byId("rename-close", HTMLButtonElement).addEventListener("click", () => dialog.close(""), { signal });
  byId("rename-form", HTMLFormElement).addEventListener("submit", (event) => void save(event), { signal });
  return new Promise((resolve) =>
    dialog.addEventListener(
      "close",
      () => {
        closing.abort();
        resolve(dialog.returnValue === "saved" ? input.value.trim() : null);
      },
      { signal },
    ),
  );

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    if (!hasVisibleText(input.value)) return show("Write a name first.");
    try {
      await changeDream(dreamId, { title: input.value.trim() });
      dialog.close("saved");
    } catch (error) {
      const { title, advice } = explainProblem(error);
      show(`${title}. ${advice}`);
    }
  }

  function show(text: string): void {
    setText(problem, text);
    problem.hidden = false;
    input.focus();
  }
}
