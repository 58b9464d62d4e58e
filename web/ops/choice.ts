/** Rows that are ticked, and what can be done to them together. */
import { element } from "../shared/element.ts";
import { plural } from "./format.ts";
import { morph } from "./morph.ts";

export class Choice {
  readonly #ids = new Set<string>();
  readonly #changed: () => void;

  /** Listens in `list`, whose boxes say by `data-choose` whom they stand for: an id, or `all` in sight. */
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

  /** Forgets those that are no longer in sight: nobody shall do anything to what cannot be seen. */
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

export const box = (id: string, label: string) =>
  element(
    "label",
    { class: "box" },
    element("input", { type: "checkbox", "data-choose": id }),
    element("span", { class: "hidden" }, label),
  );

/** What can be done to the chosen ones: how many each act suits. */
export function showActs(
  bar: HTMLElement,
  chosen: number,
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
    element("p", {}, `${plural(chosen, "job")} chosen`),
    ...buttons,
    element(
      "button",
      { type: "button", class: "quiet", "data-act": "none", "data-key": "none" },
      "Choose none",
    ),
  ];
  morph(
    bar,
    ...(chosen === 0
      ? []
      : [element("div", { class: "acts", role: "group", "aria-label": "Chosen jobs" }, ...parts)]),
  );
}
