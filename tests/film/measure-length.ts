/** Measures how long a film becomes, with the AI simulator's storyboard and voice, without its pictures. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { z } from "zod";
import type { FilmOptions } from "../../contract/film.ts";
import { makeVoices } from "./make-soundtrack.ts";

/** Times that the sentences are told, so that a dream is longer than a film of 120 s. */
const tellings = 3;

/** A long dream in each of six languages, by its subtag. */
export const longDreams: ReadonlyMap<string, string> = new Map(
  Object.entries<string[]>(JSON.parse(readFileSync(new URL("./lengths.json", import.meta.url), "utf8"))).map(
    ([language, sentences]) => [
      language,
      Array.from({ length: tellings }, () => sentences.join(" ")).join(" "),
    ],
  ),
);

/** The seconds of the film that the dream becomes with these options. */
export async function measureFilmSeconds(
  simulator: { origin: string },
  transcript: string,
  options: z.input<typeof FilmOptions>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-length-"));
  try {
    return (await makeVoices(simulator.origin, transcript, options, folder)).seconds;
  } finally {
    await rm(folder, { recursive: true });
  }
}
