import { byId, setText } from "./element.ts";
import type { KeyStore } from "./key-store.ts";

export interface KeyDialog extends Pick<KeyStore, "readKey" | "keepKey" | "forgetKey"> {
  /** What the field holds when it is shown. */
  prefill(): string;
  /** Throws where the kept key opens nothing. */
  tryKey(): Promise<unknown>;
  explain(error: unknown): string;
}

/** Makes what asks for the key and tries it. That resolves when there is one that opens something, or it was left as it was. */
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
    return new Promise((resolve) => dialog.addEventListener("close", () => resolve(), { once: true }));
  };
}
