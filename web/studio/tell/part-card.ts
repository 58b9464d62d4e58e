import { element, setText } from "../../shared/element.ts";
import { clock, describePart, type Surroundings } from "./describe-part.ts";
import { type PartView, textOf } from "./part.ts";

export interface PartActs {
  edit(id: string, text: string): void;
  again(id: string): void;
  retry(id: string): void;
  remove(id: string): void;
  listen(id: string): Promise<Blob>;
}

export interface PartCard {
  item: HTMLLIElement;
  show(view: PartView, number: number, around: Surroundings, mayRecord: boolean): void;
}

/** The card of one part: its state, its text to correct, and what can be done with it. */
export function createPartCard(id: string, acts: PartActs): PartCard {
  const name = element("span", { class: "part-name" });
  const state = element("span", { class: "part-state" });
  const problem = element("p", { class: "field-problem" });
  const text = element("textarea", { rows: 2, dir: "auto", spellcheck: true, class: "part-text" });
  const button = (label: string, act: () => void, kind = "quiet") => {
    const made = element("button", { type: "button", class: kind }, label);
    made.addEventListener("click", act);
    return made;
  };
  const listen = button("Listen", () => void play());
  const again = button("Record again", () => acts.again(id));
  const retry = button("Try again", () => acts.retry(id), "");
  const remove = button("Delete", () => acts.remove(id));
  const player = element("audio", { controls: true, hidden: true });
  const item = element(
    "li",
    { class: "part", "data-part": id },
    element("p", { class: "part-head" }, name, state),
    text,
    problem,
    player,
    element("div", { class: "part-acts" }, retry, listen, again, remove),
  );
  text.addEventListener("change", () => acts.edit(id, text.value));

  async function play(): Promise<void> {
    if (player.src === "") player.src = URL.createObjectURL(await acts.listen(id));
    player.hidden = false;
    await player.play().catch(() => {});
  }

  return {
    item,
    show(view, number, around, mayRecord) {
      const { part, segment } = view;
      const { text: words, tone } = describePart(view, around);
      const label = `Part ${number}`;
      setText(name, part.state === "recording" ? label : `${label} · ${clock(part.seconds)}`);
      setText(state, words);
      state.dataset.tone = tone;
      const known = textOf(view);
      text.hidden = known === null;
      text.setAttribute("aria-label", `Text of part ${number}`);
      // A text that the person is changing is not replaced under the cursor.
      if (known !== null && document.activeElement !== text && text.value !== known) text.value = known;
      setText(problem, view.problem?.advice ?? "");
      problem.hidden = view.problem === null;
      retry.hidden = view.problem === null && segment?.status !== "failed";
      for (const act of [listen, again, remove]) act.hidden = part.state === "recording";
      listen.setAttribute("aria-label", `Listen: part ${number}`);
      again.setAttribute("aria-label", `Record again: part ${number}`);
      remove.setAttribute("aria-label", `Delete: part ${number}`);
      retry.setAttribute("aria-label", `Try again: part ${number}`);
      again.disabled = !mayRecord;
    },
  };
}
