/** Turns a dream's text into a storyboard of scenes with a picture prompt and a narration each. */
import { readFile } from "node:fs/promises";
import { chooseBreath } from "../../contract/breath.ts";
import { endCardSeconds } from "../../contract/film.ts";
import { newPictureSize } from "../../contract/picture-sizes.ts";
import { ceilingOfText } from "../../contract/prices.ts";
import { describeShortening, findShortening } from "../../contract/shortening.ts";
import { speakingSeconds } from "../../contract/speech-rate.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { storyboardBounds } from "../../contract/storyboard-plan.ts";
import type { TextRequest } from "../ai/ai.ts";
import { joinWords } from "../captions/timed-word.ts";
import { Measurement, Poison, Rejected, Transient } from "../errors.ts";
import type { Purchase } from "../purchases/buy-asset.ts";
import { namePhotos } from "./cast/member-photos.ts";
import { nameSheets } from "./cast/obtain-sheets.ts";
import { settleCast, withoutCast } from "./cast/settle-cast.ts";
import type { FilmContext } from "./film-context.ts";
import type { OwnVoice } from "./own-narration.ts";
import { placeText } from "./own-voice/place-storyboard.ts";
import { explainMisquote, quoteScenes } from "./own-voice/quote-scenes.ts";
import { composeCameras } from "./storyboard/compose-cameras.ts";
import { explainExcess, holdPictures, holdToPlan } from "./storyboard/hold-to-plan.ts";
import { readStoryboard } from "./storyboard/read-storyboard.ts";
import { askAgain, longestText, quotingRequest, storyboardRequest } from "./storyboard/storyboard-request.ts";

/**
 * The job's own storyboard, as in a redo, or one written for the dream.
 *
 * @param own the recordings, if they narrate the film: the storyboard then quotes them
 * @throws Rejected `storyboard.malformed` if the text model wrote none that can be used, and what
 *   AssetStore.obtain throws
 */
export async function obtainStoryboard(
  context: FilmContext,
  own: OwnVoice | null = null,
): Promise<Storyboard> {
  const write = async () =>
    own
      ? writeStoryboard(quote(context, own), context)
      : breathe(await writeStoryboard(adapt(context), context), context);
  const { job } = context;
  const storyboard = job.storyboard ?? composeCameras(sizePictures(await write(), context));
  // Of a film that has bought sheets, every picture stays as it is.
  const renews = job.storyboard === null || job.renews_photos;
  const cast = renews && storyboard.cast ? namePhotos(storyboard.cast, job.photos) : storyboard.cast;
  const named = nameSheets(cast ? { ...storyboard, cast } : storyboard, context);
  context.progress.log({ type: "job.storyboard", data: named });
  return named;
}

/** The storyboard with the sizes of its pictures, so that a redo buys none of them again at another size. */
function sizePictures(storyboard: Storyboard, { job, providers }: FilmContext): Storyboard {
  const picture_size = newPictureSize(job.options.aspect, providers.picture.model);
  return { ...storyboard, scenes: storyboard.scenes.map((scene) => ({ ...scene, picture_size })) };
}

/** The storyboard with the breath that brings the film nearest to the length asked for. */
function breathe(storyboard: Storyboard, { job }: FilmContext): Storyboard {
  const { length_seconds, speed, ambience, end_card } = job.options;
  const { language, scenes } = storyboard;
  const spokenSeconds = scenes.reduce((sum, { narration }) => sum + speakingSeconds(narration, language), 0);
  const narrated = { spokenSeconds, scenes: scenes.length, speed };
  const filled = length_seconds - (end_card ? endCardSeconds : 0);
  return { ...storyboard, breath: chooseBreath(narrated, filled, ambience) };
}

/** What is asked of the text model, and what is made of its answer. */
interface Commission {
  request: TextRequest;
  /** The language asked for, or `auto`. */
  language: string;
  /** Why a storyboard is not as asked, as a text for the text model; null if it is. */
  explain(storyboard: Storyboard): string | null;
  /** The storyboard as the film uses it. */
  hold(storyboard: Storyboard): Storyboard;
}

/** A storyboard that retells the dream in the length of the film. */
function adapt({ job, progress }: FilmContext): Commission {
  const { dream, options } = job;
  const { language, speed } = options;
  const source = { transcript: dream.transcript, language, speed };
  const bounds = storyboardBounds(options.length_seconds, source);
  return {
    request: storyboardRequest(dream, options, job.known_cast),
    language,
    explain: (storyboard) => explainExcess(storyboard, bounds),
    hold: (storyboard) => {
      const shortening = findShortening(dream.transcript, options);
      if (shortening !== null)
        progress.warn("dream.shortened", describeShortening(shortening, options.length_seconds), null);
      if (explainExcess(storyboard, bounds) !== null)
        progress.warn(
          "storyboard.cut",
          "The text model wrote more than fits the film's length, so a part was left out. Ask for a longer film to keep more.",
          null,
        );
      return holdToPlan(storyboard, bounds);
    },
  };
}

/** A storyboard that quotes what the recordings say. */
function quote({ job, progress }: FilmContext, own: OwnVoice): Commission {
  const { dream, options } = job;
  const { words, unheard } = placeText(dream.transcript, own);
  if (words.length === 0)
    throw new Rejected("voice.not_in_recording", "Nothing of the dream's text is heard in its recordings.");
  if (unheard > 0)
    progress.warn(
      "voice.text_not_recorded",
      `${unheard} words of the dream's text are in none of its recordings, so the film leaves them out.`,
      null,
    );
  const bounds = storyboardBounds(options.length_seconds);
  return {
    request: quotingRequest({ title: dream.title, transcript: joinWords(words) }, options, job.known_cast),
    language: own.language === "und" ? "auto" : own.language,
    explain: (storyboard) => explainMisquote(storyboard, words, own.language),
    hold: (storyboard) => quoteScenes(holdPictures(storyboard, bounds), words, own.language),
  };
}

/** The dream's storyboard, found or bought, and held to its commission. */
async function writeStoryboard(commission: Commission, context: FilmContext): Promise<Storyboard> {
  const { request, language, hold } = commission;
  const { model } = context.providers.text;
  const read = async (path: string) =>
    readStoryboard({ text: await readFile(path, "utf8"), isCutOff: false }, language);
  const asset = await context.assets.obtain(
    { capability: "text", extension: "json", contentType: "application/json" },
    { model, ...request },
    {
      scene: null,
      model,
      ceilingMicroUsd: ceilingOfText(context.providers.text, longestText(request)),
      call: askTwice(commission, context),
      // A stored storyboard that is damaged or of an older shape is bought again.
      check: async (path) => {
        if ("problem" in (await read(path)))
          throw new Poison("storyboard.malformed", "The stored storyboard could not be read");
        return undefined;
      },
    },
  );
  const reading = await read(await asset.file());
  if ("problem" in reading) throw storyboardError(reading.problem);
  const held = hold(reading.storyboard);
  return context.job.options.cast ? settleCast(held, context.job.known_cast) : withoutCast(held);
}

/**
 * The calls that buy a storyboard. If an answer cannot be used, or is not as asked (longer than the film may
 * be, or no quotation), the model is asked once more and told the problem. After that a storyboard that can
 * be held to the commission is accepted, and an unusable one ends the job.
 */
function askTwice(
  { request: first, language, explain }: Commission,
  { ai, safetyIdentifier }: FilmContext,
): (signal: AbortSignal) => Promise<Purchase> {
  let problem: string | null = null;
  let usable: Storyboard | null = null;
  return async (signal) => {
    const request = problem === null ? first : askAgain(first, problem);
    const { value, costMicroUsd, requestId } = await ai.write({ ...request, safetyIdentifier }, signal);
    const isLast = problem !== null;
    const paid = { costMicroUsd, requestId };
    if (value.isRefused && usable === null) return { ...paid, unusable: refused() };
    const reading = readStoryboard(value, language);
    if ("storyboard" in reading) {
      const fault = explain(reading.storyboard);
      if (fault === null || isLast) return { ...paid, bytes: bytesOf(reading.storyboard) };
      usable = reading.storyboard;
      problem = fault;
    } else {
      if (usable) return { ...paid, bytes: bytesOf(usable) };
      problem = reading.problem;
    }
    const unusable = isLast
      ? storyboardError(problem)
      : new Transient("storyboard.malformed", "The text model wrote no usable storyboard");
    return { ...paid, unusable };
  };
}

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
