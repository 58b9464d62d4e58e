/** What a scene costs that is made again. It is optional: without an estimate no price is shown. */
import type { FilmOptions } from "../../../contract/film.ts";
import { limits } from "../../../contract/limits.ts";
import { estimateFilm } from "../api/api.ts";
import { type ScenePrices, scenePrices } from "./scene-prices.ts";

/** The expected prices of a new picture and a new voice for these words; null if they are unknown. */
export async function readScenePrices(
  narration: string,
  options: Partial<FilmOptions>,
  signal: AbortSignal,
): Promise<ScenePrices | null> {
  // A film long enough for all of the words.
  const whole = { ...options, length_seconds: limits.filmSeconds.max };
  const estimate = await estimateFilm(narration, whole, signal).catch(() => null);
  return estimate && scenePrices(estimate);
}
