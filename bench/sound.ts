/**
 * Dead silence, loudness and peaks of whole films with the AI simulator's voices, without and with an ambience.
 *
 * `npm run bench -- sound`
 */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hearSound, makeSoundtrack, makeVoices } from "../tests/film/make-soundtrack.ts";
import { startSimulator } from "../tests/openai/start-simulator.ts";

const dreams = JSON.parse(readFileSync(new URL("./lengths/dreams.json", import.meta.url), "utf8")) as Record<
  string,
  Record<string, string>
>;
const films = [
  { language: "en", name: "glass", length_seconds: 20 },
  { language: "en", name: "library", length_seconds: 30 },
  { language: "de", name: "library", length_seconds: 30 },
  { language: "en", name: "mountain", length_seconds: 60 },
];

/** Prints the table. */
export async function run(): Promise<void> {
  const simulator = await startSimulator();
  const root = await mkdtemp(join(tmpdir(), "dreamreel-sound-"));
  console.log(
    "| film | ambience | below -50 dBFS | longest, s | LUFS | true peak, dBTP |\n|---|---|---:|---:|---:|---:|",
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
          `| ${film} | ${ambience ? "on" : "off"} | ${dead} | ${longest} | ${heard.integratedLufs.toFixed(1)} | ${heard.truePeakDb.toFixed(1)} |`,
        );
      }
  } finally {
    await simulator.stop();
    await rm(root, { recursive: true });
  }
}
