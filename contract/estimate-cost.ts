/**
 * What a film will cost and be like, before anybody is asked to make it. Pictures are nearly all of it, so what counts
 * is the number of scenes: as many as fit the length, and no more than the dream has passages. A text model that lingers
 * on a short dream may make more of it; `atMostMicroUsd` is what budgets reserve, and holds for that too.
 */
import { type FilmOptions, leadInSeconds, tailSeconds } from "./film.ts";
import {
  ceilingOfPicture,
  ceilingOfText,
  ceilingOfVoice,
  type PictureSize,
  type Prices,
  pricePicture,
  priceSpeech,
  priceTokens,
} from "./prices.ts";
import { charactersPerSecond, gridLossSeconds, planStoryboard, wordsPerSecond } from "./storyboard-plan.ts";

export interface CostEstimate {
  scenes: number;
  seconds: number;
  microUsd: { text: number; picture: number; voice: number };
  atMostMicroUsd: number;
}

export const pictureSizes: Record<FilmOptions["aspect"], PictureSize> = {
  "16:9": "1536x1024",
  "9:16": "1024x1536",
  "1:1": "1024x1024",
};

/** Counted over storyboards of the examples: tokens of our instructions, of one scene's words and of one prompt. */
const instructionTokens = 700;
const sceneTokens = 130;
const promptTokens = 190;
/** A prompt of unusual length, in bytes. */
const longPrompt = "x".repeat(1_600);

export function estimateFilm(transcript: string, options: FilmOptions, prices: Prices): CostEstimate {
  const plan = planStoryboard(options.length_seconds);
  const text = measure(transcript);
  const scenes = Math.max(1, Math.min(plan.scenes, text.passages));
  const spokenSeconds = text.isSpaceless
    ? Math.min(text.characters, plan.characters) / charactersPerSecond
    : Math.min(text.words, plan.words) / wordsPerSecond;
  const size = pictureSizes[options.aspect];
  const tokensIn = instructionTokens + text.characters / (text.isSpaceless ? 1 : 4);
  const narration = "x".repeat(Math.ceil((options.length_seconds * 20) / plan.scenes));
  return {
    scenes,
    seconds: spokenSeconds + scenes * (leadInSeconds + tailSeconds + gridLossSeconds),
    microUsd: {
      text: priceTokens(prices.text, tokensIn, scenes * sceneTokens),
      picture: scenes * pricePicture(prices.picture, size, promptTokens),
      voice: priceSpeech(prices.voice, spokenSeconds),
    },
    atMostMicroUsd:
      ceilingOfText(prices.text, transcript + longPrompt.repeat(3)) +
      plan.scenes *
        (ceilingOfPicture(prices.picture, size, longPrompt) + ceilingOfVoice(prices.voice, narration)),
  };
}

const spaceless = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/gu;
const breaks = /[.!?…,;:—。！？、，；：؟،।]+/u;
/** Shorter than this nobody makes a scene of. */
const passage = { words: 4, characters: 6 };
const wordsOfAScene = 7.5;

function measure(transcript: string) {
  const characters = [...transcript.replace(/\s+/gu, "")].length;
  const isSpaceless = (transcript.match(spaceless)?.length ?? 0) > characters / 2;
  const words = wordsOf(transcript);
  const clauses = transcript
    .split(breaks)
    .filter((clause) =>
      isSpaceless ? [...clause.trim()].length >= passage.characters : wordsOf(clause) >= passage.words,
    );
  const byLength = isSpaceless ? 0 : Math.floor(words / wordsOfAScene);
  return { characters, isSpaceless, words, passages: Math.max(1, clauses.length, byLength) };
}

const wordsOf = (text: string) => text.match(/\S+/gu)?.length ?? 0;
