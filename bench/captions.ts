/**
 * Measures how far captions are from the voice: compares each word's start from `alignWords` with the speech
 * engine's own report, over engines, voices and languages, on sentences that the sound model was not fitted
 * on.
 *
 * npm run bench -- captions          half a minute npm run bench -- captions --fit    fits the sound model
 * anew and prints it, as it stands in sound-model.ts
 */
import { measureErrors, type Summary, summarise } from "../tests/captions/measure-alignment.ts";
import { engines, speakTruth, type Truth, truths } from "../tests/captions/speak-truth.ts";
import { fitModel } from "./captions/fit-model.ts";

/** Prints the table of errors, or with `fit` a new sound model. */
export async function run({ fit }: { fit?: true | undefined }): Promise<void> {
  const spoken = truths.filter((truth) => engines[truth.engine]);
  if (fit) return printModel(spoken.filter((truth) => truth.use === "fit"));
  const rows = await measureAll(spoken.filter((truth) => truth.use === "measure"));
  console.log("| voice | words | median ms | p90 ms | worst ms |\n|---|---:|---:|---:|---:|");
  for (const [name, { words, medianMs, p90Ms, worstMs }] of rows) {
    console.log(`| ${name} | ${words} | ${medianMs} | ${p90Ms} | ${worstMs} |`);
  }
}

async function measureAll(measured: readonly Truth[]): Promise<[string, Summary][]> {
  const errors = new Map<string, number[]>();
  let soundSeconds = 0;
  let workMs = 0;
  for (const truth of measured) {
    const recording = await speakTruth(truth);
    const startedAt = performance.now();
    const found = measureErrors(truth, recording);
    workMs += performance.now() - startedAt;
    soundSeconds += recording.pcm.length / recording.sampleRate;
    for (const name of [`${truth.engine} ${truth.voice}`, `all of ${truth.engine}`, "all"]) {
      errors.set(name, [...(errors.get(name) ?? []), ...found]);
    }
  }
  console.log(
    `${soundSeconds.toFixed(0)} s of speech, ${(workMs / soundSeconds).toFixed(1)} ms of work a second\n`,
  );
  const isTotal = (name: string) => Number(name.startsWith("all"));
  return [...errors]
    .sort(([a], [b]) => isTotal(a) - isTotal(b) || a.localeCompare(b))
    .map(([name, found]) => [name, summarise(found)]);
}

async function printModel(fitted: readonly Truth[]): Promise<void> {
  const recordings = [];
  for (const truth of fitted) recordings.push({ truth, recording: await speakTruth(truth) });
  for (const [kind, shape] of Object.entries(fitModel(recordings))) {
    console.log(`"${kind}": ${JSON.stringify(shape)},`);
  }
}
