/** The list of recorded parts: one card each, and what is announced when a part changes. */
import { announce } from "../../shared/announce.ts";
import { byId } from "../../shared/element.ts";
import { describePart, type Surroundings } from "./describe-part.ts";
import type { PartView } from "./part.ts";
import { createPartCard, type PartActs, type PartCard } from "./part-card.ts";

const list = byId("parts", HTMLOListElement);

export interface PartList {
  /** `mayRecord`: a part may be recorded again now. */
  show(views: readonly PartView[], around: Surroundings, mayRecord: boolean): void;
  /** Forgets what was announced: another dream's parts follow. */
  forget(): void;
  /** Scrolls to a part by its index. */
  reveal(index: number): void;
}

/** Keeps the cards in the order of the parts, and changes them in place. */
export function createPartList(acts: PartActs): PartList {
  const cards = new Map<string, PartCard>();
  const announced = new Map<string, string>();
  return {
    show(views, around, mayRecord) {
      list.hidden = views.length === 0;
      for (const [id, { item }] of cards)
        if (!views.some(({ part }) => part.id === id)) {
          item.remove();
          cards.delete(id);
        }
      views.forEach((view, index) => {
        const { id } = view.part;
        const card = cards.get(id) ?? createPartCard(id, acts);
        cards.set(id, card);
        if (list.children[index] !== card.item) list.insertBefore(card.item, list.children[index] ?? null);
        card.show(view, index + 1, around, mayRecord);
        announcePart(view, index + 1, around);
      });
    },
    forget: () => announced.clear(),
    reveal: (index) => list.children[index]?.scrollIntoView({ block: "center" }),
  };

  /** Speaks what has happened to a part: uploaded, text arrived, failed. */
  function announcePart(view: PartView, number: number, around: Surroundings): void {
    const { text } = describePart(view, around);
    const before = announced.get(view.part.id);
    announced.set(view.part.id, text);
    if (before === undefined || before === text || view.part.state === "recording") return;
    announce(`Part ${number}: ${text}`);
  }
}
