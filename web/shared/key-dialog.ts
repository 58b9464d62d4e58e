import { byId, setText } from "./element.ts";
import type { KeyStore } from "./key-store.ts";
import { untilClosed } from "./until-closed.ts";

export interface KeyDialog extends Pick<KeyStore, "readKey" | "keepKey" | "forgetKey"> {
  /** The field's value when the dialog opens. */
  prefill(): string;
  /**
   * Calls the API with the stored key.
   * @throws ApiProblem when the key is refused
   */
  tryKey(): Promise<unknown>;
  explain(error: unknown): string;
}

/**
 * Connects the dialog. The result opens it, and resolves when a key works or the person closes the dialog.
 */
export function createKeyDialog({
  readKey,
  keepKey,
  forgetKey,
  prefill,
  tryKey,
  explain,
}: KeyDialog): () => Promise<void> {
  const dialog = byId("key-dialog", HTMLDialogElement);
  const input = byId("key", HTMLInputElement);
  const problem = byId("key-problem", HTMLElement);

  byId("key-later", HTMLButtonElement).addEventListener("click", () => dialog.close());
  byId("key-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    const before = readKey();
    keepKey(input.value);
    try {
      await tryKey();
      dialog.close();
    } catch (error) {
      if (before === null) forgetKey();
      else keepKey(before);
      setText(problem, explain(error));
      problem.hidden = false;
      input.select();
    }
  });

  return () => {
    if (!dialog.open) {
      problem.hidden = true;
      input.value = prefill();
      dialog.showModal();
      input.select();
    }
    return untilClosed(dialog);
  };
}
