import type { FilmCost } from "../../../contract/cost.ts";
import { describeCost } from "./describe-cost.ts";
import { inUnits } from "./describe-progress.ts";
import type { FilmState } from "./film-state.ts";

/** The film's cost, times and notes, each with its name. */
export function describeMaking(film: FilmState, bill: FilmCost | null): [name: string, value: string][] {
  return [
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
