/** The selected rows of a list, and the bar of actions on them. */
import { element } from "../shared/element.ts";
import { plural } from "./format.ts";
import { morph } from "./morph.ts";

export class Selection {
  readonly #ids = new Set<string>();
  readonly #changed: () => void;

  /**
   * Listens to the checkboxes of `list`. `data-choose` has the row's id, or `all`. Calls `changed`
   * afterwards.
   */
  constructor(list: HTMLElement, changed: () => void) {
    this.#changed = changed;
    list.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLInputElement) || target.dataset.choose === undefined) return;
      const boxes =
        target.dataset.choose === "all"
          ? [...list.querySelectorAll<HTMLInputElement>("input[data-choose]")]
          : [target];
      for (const box of boxes) {
        box.checked = target.checked;
        const id = box.dataset.choose as string;
        if (id === "all") continue;
        if (target.checked) this.#ids.add(id);
        else this.#ids.delete(id);
      }
      this.#changed();
    });
  }

  has = (id: string): boolean => this.#ids.has(id);

  /** Deselects rows that are no longer visible, so that no action affects a hidden row. */
  keepOnly(visible: readonly string[]): void {
    for (const id of this.#ids) if (!visible.includes(id)) this.#ids.delete(id);
  }

  clear(list: HTMLElement): void {
    this.#ids.clear();
    for (const box of list.querySelectorAll<HTMLInputElement>("input[data-choose]")) box.checked = false;
    this.#changed();
  }

  get size(): number {
    return this.#ids.size;
  }
}

/** The checkbox of a row; `label` is for screen readers. */
export const box = (id: string, label: string) =>
  element(
    "label",
    { class: "box" },
    element("input", { type: "checkbox", "data-choose": id }),
    element("span", { class: "hidden" }, label),
  );

/** Shows the actions on the selected rows, each with the number of jobs that it applies to. */
export function showActs(
  bar: HTMLElement,
  selected: number,
  acts: readonly { act: string; name: string; count: number; isDanger?: boolean }[],
): void {
  const buttons = acts.map(({ act, name, count, isDanger }) =>
    element(
      "button",
      {
        type: "button",
        "data-act": act,
        "data-key": act,
        disabled: count === 0,
        class: isDanger ? "danger" : null,
      },
      `${name} (${count})`,
    ),
  );
  const parts = [
    element("p", {}, `${plural(selected, "job")} selected`),
    ...buttons,
    element(
      "button",
      { type: "button", class: "quiet", "data-act": "none", "data-key": "none" },
      "Clear selection",
    ),
  ];
  morph(
    bar,
    ...(selected === 0
      ? []
      : [element("div", { class: "acts", role: "group", "aria-label": "Selected jobs" }, ...parts)]),
  );
}
