/** Another tab, app or person has changed the storyboard while this page has changes of its own. */
import type { EditStoryboard } from "../../../contract/approval.ts";
import { byId, element } from "../../shared/element.ts";
import { listDifferences } from "./list-differences.ts";

const box = byId("gate-conflict", HTMLElement);
const list = byId("gate-theirs", HTMLUListElement);

/** What of theirs differs, for a person, at most so many lines. */
const mostLines = 6;

/** Shows what differs, and the choice. The words of this page stay in their fields meanwhile. */
export function showConflict(mine: EditStoryboard, theirs: EditStoryboard): void {
  const differences = listDifferences(mine, theirs);
  const shown = differences.slice(0, mostLines);
  const others = differences.length - shown.length;
  list.replaceChildren(
    ...shown.map(({ where, text }) =>
      element("li", {}, element("b", {}, `${where}: `), element("span", { dir: "auto" }, text)),
    ),
    ...(others > 0 ? [element("li", {}, `and ${others} more`)] : []),
  );
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

/** Hides the choice. */
export function hideConflict(): void {
  box.hidden = true;
}

/** Calls the function of the button that is pressed, until `visit` ends. */
export function onChoice(visit: AbortSignal, act: { keepMine(): void; takeTheirs(): void }): void {
  byId("gate-keep-mine", HTMLButtonElement).addEventListener("click", act.keepMine, { signal: visit });
  byId("gate-take-theirs", HTMLButtonElement).addEventListener("click", act.takeTheirs, { signal: visit });
}
