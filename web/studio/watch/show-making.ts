import type { FilmCost } from "../../../contract/cost.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { describeMaking } from "./describe-making.ts";
import type { FilmState } from "./film-state.ts";

/** Says beside the film whether its file says too that AI made it. */
export function showAiMark({ fields, playable, urls, earlier }: FilmState): void {
  const hasCredentials = fields.content_credentials;
  byId("ai-mark", HTMLElement).hidden = !(playable || urls.video !== null || earlier !== null);
  const text =
    hasCredentials === null
      ? ""
      : hasCredentials
        ? "The film, its preview and its poster carry content credentials (C2PA) that say so wherever they go."
        : "The file itself does not say so: it could not be signed with content credentials (C2PA).";
  setText(byId("ai-credentials", HTMLElement), text);
}

/** Shows the film's cost, times and notes under "How it was made". */
export function showMaking(film: FilmState, bill: FilmCost | null): void {
  const details = byId("making", HTMLDetailsElement);
  details.hidden = film.status === null || film.status === "queued" || film.status === "waiting";
  const rows = describeMaking(film, bill);
  const shown = JSON.stringify(rows);
  if (details.dataset.shown === shown) return;
  details.dataset.shown = shown;
  byId("making-details", HTMLElement).replaceChildren(
    ...rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}
