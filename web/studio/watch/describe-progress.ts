import { type FilmState, isActive } from "./film-state.ts";

export interface Progress {
  /** What is being done, as a person would say it. */
  headline: string;
  /** How far it is. */
  detail: string;
}

export function describeProgress(film: FilmState): Progress {
  const stillHere = film.earlier !== null && !isActive(film) ? "Your earlier film is still here." : "";
  return { headline: headline(film), detail: isActive(film) ? detail(film) : stillHere };
}

function headline(film: FilmState): string {
  switch (film.status) {
    case null:
      return "No film yet";
    case "queued":
      return film.attempt === 0 ? "Waiting for a painter" : "Picking it up again";
    case "processing":
      return working(film);
    case "completed":
      return "Your film is ready";
    case "failed":
      return "The film could not be made";
    case "cancelled":
      return "Cancelled";
  }
}

function working(film: FilmState): string {
  switch (film.stage) {
    case null:
    case "queued":
    case "storyboard":
      return "Reading your dream";
    case "scenes":
      return film.scenes.every((scene) => scene.painted && scene.spoken) && film.scenes.length > 0
        ? "Filming the scenes"
        : "Painting and narrating";
    case "film":
      return "Joining the scenes";
    case "publish":
    case "done":
      return "Putting the film where you can keep it";
  }
}

function detail({ scenesTotal, scenesReady, eta }: FilmState): string {
  const parts = [
    scenesTotal === null ? null : `${scenesReady} of ${scenesTotal} scenes ready`,
    eta === null ? null : describeEta(eta.seconds, eta.errorSeconds),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

/** No more digits than the estimate is worth. */
function describeEta(seconds: number, errorSeconds: number): string {
  if (seconds < 3) return "a moment left";
  const step = seconds > 90 ? 15 : seconds > 20 ? 5 : 1;
  const round = (value: number) => Math.max(step, Math.round(value / step) * step);
  const band = errorSeconds >= 1 ? ` ± ${inUnits(round(errorSeconds))}` : "";
  return `about ${inUnits(round(seconds))}${band} left`;
}

export function inUnits(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
