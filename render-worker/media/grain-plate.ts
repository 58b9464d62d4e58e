import { readFile, writeFile } from "node:fs/promises";
import type { Plate } from "./camera/shot.ts";

/** Raise this when dark plates get another grain: kept segments are then made again. */
export const grainRecipe = 1;

/** The mean luma, of 16 to 235, below which a picture is dark: a night, a cellar, a starless sky. */
const darkBelow = 56;
const everySample = 61;

/** The grain that a dark picture has at least: the standard deviation of its luma between neighbours. */
const wantedGrain = 1;
/** Differences above this are outlines and no grain. */
const largestGrain = 8;
const everyRow = 7;

/**
 * Adds a faint grain to a dark plate that has none of its own. Without it the few levels of luma of a night
 * sky show as bands, because the encoder keeps nothing of the steps between them. Other plates stay as they
 * are. The same plate gets the same grain.
 */
export async function grainPlate({
  file,
  width,
  height,
}: Pick<Plate, "file" | "width" | "height">): Promise<void> {
  const planes = await readFile(file);
  const luma = planes.subarray(0, width * height);
  if (!isDark(luma)) return;
  const missing = Math.sqrt(Math.max(0, wantedGrain ** 2 - measureGrain(luma, width) ** 2));
  if (missing < leastGrain) return;
  addGrain(luma, missing);
  await writeFile(file, planes);
}

function isDark(luma: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < luma.length; at += everySample) sum += luma[at] as number;
  return sum / Math.ceil(luma.length / everySample) < darkBelow;
}

/** Less is not worth another pass over the plate. */
const leastGrain = 0.3;

/** The standard deviation of white noise that has the same second differences along rows. */
function measureGrain(luma: Uint8Array, width: number): number {
  let [sum, count] = [0, 0];
  for (let row = 0; row + width <= luma.length; row += everyRow * width)
    for (let at = row + 1; at < row + width - 1; at += 2) {
      const bend = (luma[at - 1] as number) - 2 * (luma[at] as number) + (luma[at + 1] as number);
      if (Math.abs(bend) > 2 * largestGrain) continue;
      sum += bend * bend;
      count++;
    }
  return count > 0 ? Math.sqrt(sum / count / 6) : 0;
}

/** The standard deviation of the difference of two equally distributed numbers from 0 to 1. */
const triangularDeviation = Math.sqrt(1 / 6);
const darkest = 16;

function addGrain(luma: Uint8Array, deviation: number): void {
  const scale = deviation / triangularDeviation / 65_536;
  let state = 0x9e3779b9;
  for (let at = 0; at < luma.length; at++) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const grain = Math.round(((state & 0xffff) - ((state >>> 16) & 0xffff)) * scale);
    luma[at] = Math.max(darkest, Math.min(235, (luma[at] as number) + grain));
  }
}
