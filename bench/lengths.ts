/**
 * The length of a film against the length asked for, with the AI simulator's storyboards and voices: the
 * worker makes everything but the pictures.
 *
 * `npm run bench -- lengths`: five dreams in two languages at five lengths, and long dreams in six languages
 * `npm run bench -- lengths de`: one language
 * `npm run bench -- lengths speeds`: other speeds of the voice
 */
import { readFileSync } from "node:fs";
import { estimateFilm } from "../contract/estimate-cost.ts";
import { FilmOptions } from "../contract/film.ts";
import { readPrices } from "../contract/prices.ts";
import { longDreams, measureFilmSeconds } from "../tests/film/measure-length.ts";
import { type SimulatorProcess, startSimulator } from "../tests/openai/start-simulator.ts";

type Dreams = Record<string, string>;
const dreams = JSON.parse(readFileSync(new URL("./lengths/dreams.json", import.meta.url), "utf8")) as Record<
  string,
  Dreams
>;
const askedOfDreams = [10, 20, 30, 60, 120];
const askedOfLanguages = [20, 60, 120];

/** Prints the tables. */
export async function run(only: string | undefined): Promise<void> {
  const simulator = await startSimulator();
  try {
    if (only === "speeds") return await printSpeeds(simulator);
    for (const [language, byName] of Object.entries(dreams))
      if (!only || only === language)
        for (const ambience of [false, true])
          await printTable(
            `dream (${language}${ambience ? ", ambience" : ""})`,
            byName,
            askedOfDreams,
            ambience,
            simulator,
          );
    const long = Object.fromEntries([...longDreams].filter(([language]) => !only || only === language));
    await printTable("language", long, askedOfLanguages, false, simulator);
  } finally {
    await simulator.stop();
  }
}

async function printSpeeds(simulator: SimulatorProcess): Promise<void> {
  const { whale = "", glass = "" } = dreams.en ?? {};
  const long = { en: longDreams.get("en") ?? "", de: longDreams.get("de") ?? "", whale, glass };
  for (const speed of [0.8, 1.25])
    await printTable(`speed ${speed}`, long, [20, 60], false, simulator, speed);
}

async function printTable(
  title: string,
  transcripts: Dreams,
  asked: readonly number[],
  ambience: boolean,
  simulator: SimulatorProcess,
  speed = 1,
): Promise<void> {
  console.log(`\n| ${title} | ${asked.map((seconds) => `${seconds} s`).join(" | ")} |`);
  console.log(`|---|${asked.map(() => "---:|").join("")}`);
  for (const [name, transcript] of Object.entries(transcripts)) {
    const cells = [];
    for (const length_seconds of asked) {
      const options = FilmOptions.parse({ length_seconds, ambience, speed });
      const reached = await measureFilmSeconds(simulator, transcript, options);
      const { seconds, fillsLength } = estimateFilm(transcript, options, readPrices({}));
      const off = (expected: number) => `${(100 * (reached / expected - 1)).toFixed(0)} %`;
      cells.push(
        fillsLength
          ? `${reached.toFixed(1)} (${off(length_seconds)})`
          : `${reached.toFixed(1)} (told ${seconds.toFixed(0)}: ${off(seconds)})`,
      );
    }
    console.log(`| ${name} | ${cells.join(" | ")} |`);
  }
}
