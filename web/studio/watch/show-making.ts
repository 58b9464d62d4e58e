import type { FilmCost } from "../../../contract/cost.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { describeCost } from "./describe-cost.ts";
import { inUnits } from "./describe-progress.ts";
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
  const rows: [string, string][] = [
    ["Cost", describeCost(film, bill)],
    ...(film.durationSeconds === null ? [] : [["Length", inUnits(film.durationSeconds)] as [string, string]]),
    ...(film.language === null ? [] : [["Language", languageName(film.language)] as [string, string]]),
    ...(film.attempt > 1 ? [["Attempts", String(film.attempt)] as [string, string]] : []),
    ...Object.entries(film.timings ?? {}).map(
      ([stage, seconds]) =>
        [stageNames[stage] ?? stage.replaceAll("_", " "), `${seconds.toFixed(1)} s`] as [string, string],
    ),
    ...film.warnings.map((warning) => ["Note", warning] as [string, string]),
  ];
  const shown = JSON.stringify(rows);
  if (details.dataset.shown === shown) return;
  details.dataset.shown = shown;
  byId("making-details", HTMLElement).replaceChildren(
    ...rows.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
  );
}

const stageNames: Record<string, string> = {
  storyboard: "Storyboard",
  scenes: "Scenes",
  film: "Joining",
  publish: "Publishing",
  first_scene: "First scene after",
};

function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames("en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
