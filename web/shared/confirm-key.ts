import { element } from "./element.ts";

/**
 * Asks whether the link's key may replace the stored one. Escape and the focused button mean no. The dialog
 * shows only the ends of both keys: enough to compare them, too little to copy one.
 */
export function confirmKey(held: string, offered: string): Promise<boolean> {
  const keep = element(
    "button",
    { type: "submit", value: "keep", class: "primary", autofocus: true },
    "Keep my key",
  );
  const dialog = element(
    "dialog",
    { class: "key-choice", "aria-labelledby": "key-choice-title", "aria-describedby": "key-choice-text" },
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: "key-choice-title" }, "Use the key of this link?"),
      element(
        "p",
        { id: "key-choice-text" },
        "This link contains a key that is not yours. If you use it, you work in another account, and your dreams are " +
          "stored there.",
      ),
      element(
        "dl",
        { class: "two-keys" },
        element("div", { class: "held" }, element("dt", {}, "Your key"), element("dd", {}, nameKey(held))),
        element("div", {}, element("dt", {}, "The link's key"), element("dd", {}, nameKey(offered))),
      ),
      element(
        "div",
        { class: "dialog-actions" },
        element("button", { type: "submit", value: "use", class: "danger" }, "Use the link's key"),
        keep,
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  keep.focus();
  return new Promise((resolve) =>
    dialog.addEventListener(
      "close",
      () => {
        dialog.remove();
        resolve(dialog.returnValue === "use");
      },
      { once: true },
    ),
  );
}

/** The key's first and last characters; fewer for a short key. */
function nameKey(key: string): string {
  const [first, last] = key.length >= 24 ? [7, 4] : [4, 2];
  return `${key.slice(0, first)}…${key.slice(-last)}`;
}
