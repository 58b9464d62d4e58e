/**
 * The length of a film against the length asked for: a dream of many sentences becomes a storyboard by the AI
 * simulator, its narrations are spoken by the simulator's voice, and the scenes are as long as in a film.
 *
 * npm run bench -- lengths          six languages, two minutes
 * npm run bench -- lengths de       one language
 */
import { longDreams, measureFilmSeconds } from "../tests/film/measure-length.ts";

const asked = [20, 60, 120];

/** Prints the table. */
export async function run(only: string | undefined): Promise<void> {
  console.log(`| language | ${asked.map((seconds) => `${seconds} s`).join(" | ")} |`);
  console.log(`|---|${asked.map(() => "---:|").join("")}`);
  for (const [language, transcript] of longDreams) {
    if (only && only !== language) continue;
    const cells = [];
    for (const seconds of asked) {
      const reached = await measureFilmSeconds(transcript, seconds);
      cells.push(`${reached.toFixed(1)} (${(100 * (reached / seconds - 1)).toFixed(0)} %)`);
    }
    console.log(`| ${language} | ${cells.join(" | ")} |`);
  }
}
