/**
 * Dead silence, loudness and peaks of whole films with the AI simulator's voices, without and with an
 * ambience.
 *
 * `npm run bench -- sound`
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { framesToSeconds } from "../render-worker/media/grid.ts";
import { type FilmVoices, hearSound, makeSoundtrack, makeVoices } from "../tests/film/make-soundtrack.ts";
import { startSimulator } from "../tests/openai/start-simulator.ts";

const dreams = JSON.parse(readFileSync(new URL("./lengths/dreams.json", import.meta.url), "utf8")) as Record<
  string,
  Record<string, string>
>;
const films = [
  { language: "en", name: "whale", length_seconds: 10 },
  { language: "en", name: "glass", length_seconds: 20 },
  { language: "en", name: "train", length_seconds: 30 },
  { language: "en", name: "library", length_seconds: 30 },
  { language: "de", name: "library", length_seconds: 30 },
  { language: "en", name: "mountain", length_seconds: 60 },
];

/** Prints the table. */
export async function run(): Promise<void> {
  const simulator = await startSimulator();
  const root = await mkdtemp(join(tmpdir(), "dreamreel-sound-"));
  console.log(
    "| film | ambience | pauses between scenes, s | below -50 dBFS | longest, s | LUFS | true peak, dBTP |\n|---|---|---:|---:|---:|---:|---:|",
  );
  try {
    for (const { language, name, length_seconds } of films)
      for (const ambience of [false, true]) {
        const transcript = dreams[language]?.[name] as string;
        const folder = await mkdtemp(join(root, "film-"));
        const made = await makeVoices(simulator.origin, transcript, { length_seconds, ambience }, folder);
        const heard = await hearSound(await makeSoundtrack(made));
        const film = `${name}, ${language}, ${heard.seconds.toFixed(1)} s`;
        const dead = `${(100 * heard.deadShare).toFixed(0)} %`;
        const longest = heard.longestDeadSeconds.toFixed(2);
        console.log(
          `| ${film} | ${ambience ? "on" : "off"} | ${pausesOf(made)} | ${dead} | ${longest} | ${heard.integratedLufs.toFixed(1)} | ${heard.truePeakDb.toFixed(1)} |`,
        );
      }
  } finally {
    await simulator.stop();
    await rm(root, { recursive: true });
  }
}

/** The shortest and the longest time from the last word of a scene to the first of the next. */
function pausesOf({ voices }: FilmVoices): string {
  const pauses = voices.slice(0, -1).flatMap(({ frames, played }) => {
    const { part, tempo = 1 } = played ?? {};
    if (part === undefined) return [];
    return [framesToSeconds(frames) - (part.endSeconds - part.startSeconds) / tempo];
  });
  if (pauses.length === 0) return "none";
  return `${Math.min(...pauses).toFixed(2)} to ${Math.max(...pauses).toFixed(2)}`;
}
