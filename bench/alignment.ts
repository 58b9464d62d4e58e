/**
 * The error of `alignWords` by language and by disturbance, on recordings of people and on synthetic voices.
 *
 * npm run bench -- alignment          every language, the first three sentences of each voice
 * npm run bench -- alignment human    recordings of people only
 */
import { disturbances } from "../tests/captions/disturb.ts";
import { measureErrors, summarise } from "../tests/captions/measure-alignment.ts";
import { engines, speakTruth, type Truth, truths } from "../tests/captions/speak-truth.ts";

const sentencesPerVoice = 3;

/** Prints the table of all engines, or of one. */
export async function run(only: string | undefined): Promise<void> {
  const errors = new Map<string, number[]>();
  for (const truth of chooseTruths(only)) {
    const spoken = await speakTruth(truth);
    for (const [disturbance, disturb] of Object.entries(disturbances)) {
      const { recording, stretch } = await disturb(spoken);
      const found = measureErrors(truth, recording, stretch);
      const voices = truth.engine === "human" ? "people" : "synthetic";
      for (const group of [`${truth.language}, ${voices}`, `all ${voices}`]) {
        const key = `${group}|${disturbance}`;
        errors.set(key, [...(errors.get(key) ?? []), ...found]);
      }
    }
  }
  print(errors);
}

/** People's recordings, all of them, and a sample of each synthetic voice. */
function chooseTruths(only: string | undefined): Truth[] {
  const perVoice = new Map<string, number>();
  return truths.filter(({ engine, voice, use }) => {
    if (use !== "measure" || !engines[engine] || (only && engine !== only)) return false;
    const key = `${engine} ${voice}`;
    perVoice.set(key, (perVoice.get(key) ?? 0) + 1);
    return engine === "human" || (perVoice.get(key) as number) <= sentencesPerVoice;
  });
}

function print(errors: ReadonlyMap<string, number[]>): void {
  const columns = Object.keys(disturbances);
  const groups = [...new Set([...errors.keys()].map((key) => key.split("|")[0] as string))].sort();
  console.log(`Mean / ninth decile in ms.\n\n| language | words | ${columns.join(" | ")} |`);
  console.log(`|---|---:|${columns.map(() => "---:|").join("")}`);
  for (const group of groups) {
    const cells = columns.map((column) => summarise(errors.get(`${group}|${column}`) as number[]));
    const shown = cells.map(({ meanMs, p90Ms }) => `${meanMs} / ${p90Ms}`);
    console.log(`| ${group} | ${cells[0]?.words} | ${shown.join(" | ")} |`);
  }
}
