/**
 * Resolves when the open dialog is closed.
 *
 * The browser sends `close` some time after a dialog was closed, and on a busy machine after the same dialog
 * was opened again. That event is not about the question that is open now, so it is ignored.
 */
export function untilClosed(dialog: HTMLDialogElement): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (dialog.open) return;
      dialog.removeEventListener("close", check);
      resolve();
    };
    dialog.addEventListener("close", check);
  });
}
