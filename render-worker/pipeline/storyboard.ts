/** Turns a dream's text into a storyboard of scenes with a picture prompt and a narration each. */
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

/**
 * The job's own storyboard, as in a redo, or one written for the dream.
 *
 * @throws Rejected `storyboard.malformed` if the text model wrote none that can be used, and what
 *   AssetStore.obtain throws
 */
export async function obtainStoryboard(context: FilmContext): Promise<Storyboard> {
  const storyboard = context.job.storyboard ?? (await writeStoryboard(context));
  context.progress.log({ type: "job.storyboard", data: storyboard });
  return storyboard;
}

/** The dream's storyboard, found or bought, and cut to its plan. */
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
      // A stored storyboard that is damaged or of an older shape is bought again.
      check: async (path) => {
        if ("problem" in (await read(path)))
          throw new Poison("storyboard.malformed", "The stored storyboard could not be read");
        return undefined;
      },
    },
  );
  const reading = await read(asset.path);
  if ("problem" in reading) throw storyboardError(reading.problem);
  const bounds = boundsOf(job);
  if (explainExcess(reading.storyboard, bounds) !== null)
    context.progress.warn(
      "storyboard.cut",
      "The text model wrote more than fits the film's length, so a part was left out. Ask for a longer film to keep more.",
      null,
    );
  return holdToPlan(reading.storyboard, bounds);
}

/**
 * The calls that buy a storyboard. If an answer cannot be used, or is longer than the film may be, the model
 * is asked once more and told the problem. After that a longer storyboard is accepted, and an unusable one
 * ends the job.
 */
function askTwice({ ai, job }: FilmContext): (signal: AbortSignal) => Promise<Purchase> {
  const first = storyboardRequest(job.dream, job.options);
  const bounds = boundsOf(job);
  let problem: string | null = null;
  let longer: Storyboard | null = null;
  return async (signal) => {
    const request = problem === null ? first : askAgain(first, problem);
    const { value, costMicroUsd, requestId } = await ai.write(request, signal);
    const isLast = problem !== null;
    const paid = { costMicroUsd, requestId };
    if (value.isRefused && longer === null) return { ...paid, unusable: refused() };
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
    const unusable = isLast
      ? storyboardError(problem)
      : new Transient("storyboard.malformed", "The text model wrote no usable storyboard");
    return { ...paid, unusable };
  };
}

const boundsOf = ({ dream, options }: FilmContext["job"]) =>
  storyboardBounds(options.length_seconds, { transcript: dream.transcript, language: options.language });

const bytesOf = (storyboard: Storyboard) => Buffer.from(JSON.stringify(storyboard));

const refused = () =>
  new Poison(
    "openai.refused",
    "The text model refused this dream. Change its text and ask for the film again.",
    { aiFault: "refused" },
  );

/**
 * Ends the job, because the same request would most likely fail again. The owner may ask for the film again.
 */
const storyboardError = (problem: string) =>
  new Rejected(
    "storyboard.malformed",
    "The text model wrote no usable storyboard. Ask for the film again, or change the dream's text.",
    {
      cause: new Measurement(problem),
    },
  );
