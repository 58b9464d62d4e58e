/** From a dream's text to scenes that can be painted and spoken. */
import { readFile } from "node:fs/promises";
import { ceilingOfText } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { storyboardBounds } from "../../contract/storyboard-plan.ts";
import { Measurement, Poison, Rejected, Transient } from "../errors.ts";
import type { Purchase } from "../purchases/buy-asset.ts";
import type { FilmContext } from "./film-context.ts";
import { explainExcess, holdToPlan } from "./storyboard/hold-to-plan.ts";
import { readStoryboard } from "./storyboard/read-storyboard.ts";
import { askAgain, longestText, storyboardRequest } from "./storyboard/storyboard-request.ts";

/** The storyboard this attempt films: the one it was given, or one made of the dream. */
export async function obtainStoryboard(context: FilmContext): Promise<Storyboard> {
  const storyboard = context.job.storyboard ?? (await writeStoryboard(context));
  context.progress.log({ type: "job.storyboard", data: storyboard });
  return storyboard;
}

/** The dream's storyboard: found, or bought, and held to its plan either way. */
async function writeStoryboard(context: FilmContext): Promise<Storyboard> {
  const { job, providers } = context;
  const request = storyboardRequest(job.dream, job.options);
  const { model } = providers.text;
  const read = async (path: string) =>
    readStoryboard({ text: await readFile(path, "utf8"), isCutOff: false }, job.options.language);
  const asset = await context.assets.obtain(
    { capability: "text", extension: "json", contentType: "application/json" },
    { model, ...request },
    {
      scene: null,
      model,
      ceilingMicroUsd: ceilingOfText(providers.text, longestText(request)),
      call: askTwice(context),
      // One that was stored and can not be read, damaged or of an older shape, is bought again.
      check: async (path) => {
        if ("problem" in (await read(path))) throw new Poison("storyboard.malformed", "It can not be read");
        return undefined;
      },
    },
  );
  const reading = await read(asset.path);
  if ("problem" in reading) throw unusable(reading.problem);
  const bounds = storyboardBounds(job.options.length_seconds);
  if (explainExcess(reading.storyboard, bounds) !== null)
    context.progress.warn(
      "storyboard.cut",
      "The text model wrote more than fits the film's length; a part was left out.",
      null,
    );
  return holdToPlan(reading.storyboard, bounds);
}

/**
 * The calls that buy a storyboard. An answer that can not be used, or that is longer than the film may be, is asked for
 * once more with what was wrong; after that a longer one is taken, and one that can not be used ends the job.
 */
function askTwice({ ai, job }: FilmContext): (signal: AbortSignal) => Promise<Purchase> {
  const first = storyboardRequest(job.dream, job.options);
  const bounds = storyboardBounds(job.options.length_seconds);
  let problem: string | null = null;
  let longer: Storyboard | null = null;
  return async (signal) => {
    const request = problem === null ? first : askAgain(first, problem);
    const { value, costMicroUsd, requestId } = await ai.write(request, signal);
    const isLast = problem !== null;
    const paid = { costMicroUsd, requestId };
    const reading = readStoryboard(value, job.options.language);
    if ("storyboard" in reading) {
      const excess = explainExcess(reading.storyboard, bounds);
      if (excess === null || isLast) return { ...paid, bytes: bytesOf(reading.storyboard) };
      longer = reading.storyboard;
      problem = excess;
    } else {
      if (longer) return { ...paid, bytes: bytesOf(longer) };
      problem = reading.problem;
    }
    const useless = isLast
      ? unusable(problem)
      : new Transient("storyboard.malformed", "The text model is asked once more");
    return { ...paid, useless };
  };
}

const bytesOf = (storyboard: Storyboard) => Buffer.from(JSON.stringify(storyboard));

/** Ends the job: the same request would most likely fail again. Its owner may still ask for the film anew. */
const unusable = (problem: string) =>
  new Rejected("storyboard.malformed", "The text model wrote no storyboard that can be used", {
    cause: new Measurement(problem),
  });
