/**
 * Estimates a film's cost, scenes and length before it is requested. Pictures are nearly all of the cost, so
 * the number of scenes decides: as many as fit the length, but no more than the dream has passages. A text
 * model may make more scenes of a short dream; `atMostMicroUsd` covers that too: the worker holds every
 * storyboard to `storyboardBounds`, and the ledger buys nothing beyond it unless the client sets
 * `max_cost_usd`.
 */
import { chooseBreath, filmSeconds } from "./breath.ts";
import { countPassages } from "./count-passages.ts";
import { bytesPerTokenAtLeast } from "./count-tokens.ts";
import { expectCast } from "./expect-cast.ts";
import { endCardSeconds, type FilmOptions } from "./film.ts";
import { limits } from "./limits.ts";
import { measureText } from "./measure-text.ts";
import { newPictureSize, scenePictureSize } from "./picture-sizes.ts";
import {
  ceilingOfPicture,
  ceilingOfSheet,
  ceilingOfText,
  ceilingOfVoices,
  type Prices,
  pricePicture,
  priceSheet,
  priceTokens,
  priceVoice,
  type VoicePrices,
} from "./prices.ts";
import { findShortening, type Shortening } from "./shortening.ts";
import { countSyllables, narratingSeconds, speakingSeconds, speechRate } from "./speech-rate.ts";
import type { Storyboard } from "./storyboard.ts";
import { planStoryboard, storyboardBounds, unknownSource } from "./storyboard-plan.ts";
import type { TakeAsset } from "./takes.ts";

export interface CostEstimate {
  scenes: number;
  seconds: number;
  /** False: the words are too few for the length asked for. */
  fillsLength: boolean;
  /** The words are too many for the length asked for; null: they are not. */
  shortening: Shortening | null;
  microUsd: { text: number; picture: number; voice: number };
  atMostMicroUsd: number;
}

/**
 * Means over the storyboards of the example dreams, in tokens: the instructions, the words of one scene, one
 * prompt.
 */
const instructionTokens = 940;
const sceneTokens = 148;
const promptTokens = 190;
/**
 * Bytes of the text model's instructions, the schema, the longest title, and the message of a second request.
 */
const instructionBytes = 6_000;
/** Bytes that the worker adds to every picture's prompt. */
const styleBytes = 300;
/**
 * With a cast: what the instructions, the schema and the known members add to a text request, and the words
 * about the references to a picture's prompt, in bytes.
 */
const castTextBytes = 8_000;
const referenceBytes = limits.sceneCast * 4 * (limits.castNameChars + 40);
const sheetPromptBytes = 4 * (limits.castNameChars + limits.castDescriptionChars) + styleBytes;
/** Tokens of a reference sheet's prompt, as a mean over the dreams of tests/cast. */
export const sheetTokens = 75;
/**
 * The members of the cast of a dream's film and of one scene, and the tokens that they add, as means over ten
 * dreams of people who return (tests/cast): to the storyboard, to a scene's prompt, to the request.
 */
const usualCast = (transcript: string, { scenes, syllables }: { scenes: number; syllables: number }) => {
  const told = Math.min(1, syllables / Math.max(1, countSyllables(transcript)));
  const { members, references } = expectCast(transcript, scenes, told);
  return {
    ...{ members, perScene: references / scenes },
    ...{ textTokens: 52, instructionTokens: 500, promptTokens: 25, sheetTokens },
  };
};

/** The worker asks once more for a storyboard that it cannot use, and repeats one call of unknown outcome. */
const textPurchases = 3;
/**
 * A worker that dies during its calls leaves an unknown outcome for each; the next attempt makes each call
 * once more.
 */
const purchasesPerAsset = 2;

const noCast: ReturnType<typeof usualCast> = {
  ...{ members: 0, perScene: 0, textTokens: 0, instructionTokens: 0, promptTokens: 0, sheetTokens: 0 },
};

/**
 * A film of less than this share of the length asked for is too short: the estimate may be a few per cent too
 * long, and a film that is not said to be short has at least nine tenths of its length.
 *
 * @source docs/lengths.md
 */
const shortFrom = 0.92;
/** Up to this length half a second more or less is not told: whole seconds count. */
const wholeSecondsUpTo = 20;

const isFilled = (seconds: number, asked: number) =>
  (asked <= wholeSecondsUpTo ? Math.round(seconds) : seconds) >= shortFrom * asked;

/** The voices that may narrate a film of these options. The dreamer's own has no substitute. */
const voicesOf = ({ voice }: FilmOptions, { voices }: Prices): readonly VoicePrices[] =>
  voice === "own" ? [{ kind: "own" }] : voices;

/** Whether the dream's recordings, if it has some, narrate a film of these options. */
export const mayNarrate = (options: FilmOptions, prices: Prices): boolean =>
  voicesOf(options, prices)[0]?.kind === "own";

/**
 * The options of a film that recordings of so many seconds narrate. Their length is the film's, so it decides
 * the number of scenes.
 */
export function fitToRecording(options: FilmOptions, seconds: number): FilmOptions {
  const { min, max } = limits.filmSeconds;
  return { ...options, length_seconds: Math.min(max, Math.max(min, Math.round(seconds / options.speed))) };
}

/** What an owner has that changes a film's cost. */
export interface Owned {
  /** Seconds of the recordings that may narrate; 0 if there are none. */
  recordedSeconds?: number;
  /** Members of the owner's cast with a photo. Any of them may be in the film. */
  photos?: number;
}

/** The estimate for a film of this transcript. Money is in millionths of a US dollar. */
export function estimateFilm(
  transcript: string,
  asked: FilmOptions,
  prices: Prices,
  { recordedSeconds = 0, photos = 0 }: Owned = {},
): CostEstimate {
  const voices = voicesOf(asked, prices);
  const isOwn = asked.voice === "own" || (recordedSeconds > 0 && voices[0]?.kind === "own");
  const ownSeconds = recordedSeconds || narratingSeconds(transcript, asked.language, 1);
  const options = isOwn ? fitToRecording(asked, ownSeconds) : asked;
  const { language, speed } = options;
  const plan = planStoryboard(options.length_seconds, { transcript, language, speed });
  const text = measureText(transcript);
  const scenes = Math.min(plan.scenes, countPassages(transcript));
  const planned = plan.syllables / speechRate(transcript, language).syllablesPerSecond;
  const written = Math.min(narratingSeconds(transcript, language, scenes), planned);
  const spokenSeconds = (isOwn ? ownSeconds : written) / speed;
  const narrated = { spokenSeconds: isOwn ? ownSeconds : written, scenes, speed };
  const cardSeconds = options.end_card ? endCardSeconds : 0;
  const breath = isOwn ? 0 : chooseBreath(narrated, options.length_seconds - cardSeconds, options.ambience);
  const size = newPictureSize(options.aspect, prices.picture.model);
  const narrator = voices.find(({ kind }) => isOwn || kind !== "own") ?? { kind: "none" };
  const cast = options.cast ? usualCast(transcript, { scenes, syllables: plan.syllables }) : noCast;
  const tokensIn = instructionTokens + cast.instructionTokens + text.characters / (text.isSpaceless ? 1 : 4);
  // As answered, so that what is said of it agrees.
  const seconds = Math.round((filmSeconds(narrated, breath) + cardSeconds) * 10) / 10;
  return {
    scenes,
    seconds,
    shortening: isOwn ? null : findShortening(transcript, options),
    fillsLength: isOwn || isFilled(seconds, options.length_seconds),
    microUsd: {
      text: priceTokens(prices.text, tokensIn, scenes * sceneTokens + cast.members * cast.textTokens),
      picture:
        cast.members * priceSheet(prices.picture, cast.sheetTokens, Math.min(1, photos / cast.members || 0)) +
        scenes *
          pricePicture(prices.picture, size, promptTokens + cast.perScene * cast.promptTokens, cast.perScene),
      voice: priceVoice(narrator, spokenSeconds, scenes),
    },
    atMostMicroUsd: atMost(ceilingOfFilm(options, prices), transcript),
  };
}

/**
 * The most that a film of these options costs, as a linear function of its transcript's size: a database can
 * evaluate it too, so that the ledger holds the film to the same number that the estimate shows.
 */
export interface FilmCeiling {
  microUsd: number;
  /** For each UTF-8 byte of the transcript as JSON. */
  microUsdPerByte: number;
}

/** Covers all assets of a storyboard within `storyboardBounds`, each bought twice. */
export function ceilingOfFilm(options: FilmOptions, prices: Prices): FilmCeiling {
  const { scenes, narrationChars, pictureBytes } = storyboardBounds(options.length_seconds, {
    ...unknownSource,
    speed: options.speed,
  });
  const text = ceilingOfText(prices.text, "x".repeat(instructionBytes + (options.cast ? castTextBytes : 0)));
  const prompt = "x".repeat(pictureBytes + styleBytes + (options.cast ? referenceBytes : 0));
  const picture = ceilingOfPicture(
    prices.picture,
    newPictureSize(options.aspect, prices.picture.model),
    prompt,
    options.cast ? limits.sceneCast : 0,
  );
  const sheets = options.cast ? limits.cast * (ceilingOfAnySheet(prices) + 1) : 0;
  const voice = ceilingOfVoices(voicesOf(options, prices), "x".repeat(Math.ceil(narrationChars / scenes)));
  return {
    // Every asset's price is rounded up on its own.
    microUsd: textPurchases * (text + 1) + purchasesPerAsset * (scenes * (picture + voice + 1) + sheets),
    microUsdPerByte: (textPurchases * prices.text.priceIn) / bytesPerTokenAtLeast,
  };
}

/** The most that a reference sheet costs, whomever it shows. */
const ceilingOfAnySheet = ({ picture }: Prices) => ceilingOfSheet(picture, "x".repeat(sheetPromptBytes), 1);

/** The most that a film of a given storyboard costs, each asset bought twice. */
export function ceilingOfStoryboard(storyboard: Storyboard, options: FilmOptions, prices: Prices): number {
  const ofScene = (scene: Storyboard["scenes"][number]) =>
    ceilingOfTake(scene, "picture", options, prices) + ceilingOfTake(scene, "voice", options, prices);
  const sheets = ceilingOfSheets(storyboard.cast?.length ?? 0, prices);
  return storyboard.scenes.reduce((sum, scene) => sum + ofScene(scene), sheets);
}

/** The most that so many reference sheets cost, each bought twice. */
export const ceilingOfSheets = (members: number, prices: Prices): number =>
  purchasesPerAsset * Math.min(limits.cast, members) * ceilingOfAnySheet(prices);

/** The pictures from which the scene's picture is painted, at most. */
const referencesOf = ({ cast = [] }: Storyboard["scenes"][number]) => Math.min(limits.sceneCast, cast.length);

/** The most that the scene's picture costs, or its voice, bought twice. */
export function ceilingOfTake(
  scene: Storyboard["scenes"][number],
  asset: TakeAsset,
  options: FilmOptions,
  prices: Prices,
): number {
  if (asset === "voice")
    return purchasesPerAsset * ceilingOfVoices(voicesOf(options, prices), scene.narration);
  const size = scenePictureSize(scene, options.aspect, prices.picture.model);
  const prompt = scene.picture + "x".repeat(styleBytes + (scene.cast ? referenceBytes : 0));
  return purchasesPerAsset * ceilingOfPicture(prices.picture, size, prompt, referencesOf(scene));
}

/** What the scene's picture usually costs, and its voice, in millionths of a US dollar. */
export function priceScene(
  scene: Storyboard["scenes"][number],
  language: string,
  options: FilmOptions,
  prices: Prices,
): { picture: number; voice: number } {
  const size = scenePictureSize(scene, options.aspect, prices.picture.model);
  const narrator = voicesOf(options, prices).find(({ kind }) => kind !== "own") ?? { kind: "none" };
  return {
    picture: pricePicture(prices.picture, size, promptTokens, referencesOf(scene)),
    voice: priceVoice(narrator, speakingSeconds(scene.narration, language) / options.speed, 1),
  };
}

function atMost({ microUsd, microUsdPerByte }: FilmCeiling, transcript: string): number {
  const bytes = new TextEncoder().encode(JSON.stringify(transcript)).length;
  return Math.trunc(microUsd + microUsdPerByte * bytes);
}
