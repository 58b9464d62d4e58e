/** Measures how long a film becomes, with the AI simulator's storyboard and voice, without its pictures. */
import { readFileSync } from "node:fs";
import { FilmOptions } from "../../contract/film.ts";
import { storyboardBounds } from "../../contract/storyboard-plan.ts";
import { alignWords } from "../../render-worker/captions/align-words.ts";
import type { DecodedVoice } from "../../render-worker/media/decode-voice.ts";
import { framesToSeconds } from "../../render-worker/media/grid.ts";
import { pauseAfter, timeScene } from "../../render-worker/media/scene-timing.ts";
import { holdToPlan } from "../../render-worker/pipeline/storyboard/hold-to-plan.ts";
import { readStoryboard } from "../../render-worker/pipeline/storyboard/read-storyboard.ts";
import { storyboardRequest } from "../../render-worker/pipeline/storyboard/storyboard-request.ts";
import { findSpeech } from "../../render-worker/pipeline/voice/find-speech.ts";
import { answerMessages } from "../../simulators/openai/storyboard/answer-messages.ts";
import { speechRate } from "../../simulators/openai/voice/rate.ts";
import { speak } from "../../simulators/openai/voice/speak.ts";

/** Times that the sentences are told, so that a dream is longer than a film of 120 s. */
const tellings = 3;

/** A long dream in each of six languages, by its subtag. */
export const longDreams: ReadonlyMap<string, string> = new Map(
  Object.entries<string[]>(JSON.parse(readFileSync(new URL("./lengths.json", import.meta.url), "utf8"))).map(
    ([language, sentences]) => [
      language,
      Array.from({ length: tellings }, () => sentences.join(" ")).join(" "),
    ],
  ),
);

/** The seconds of the film that the dream becomes if `length_seconds` are asked for. */
export async function measureFilmSeconds(
  transcript: string,
  length_seconds: number,
  speed = 1,
): Promise<number> {
  const options = FilmOptions.parse({ length_seconds, speed });
  const request = storyboardRequest({ title: null, transcript }, options);
  const text = answerMessages([{ role: "user", text: request.user }], request.schema);
  const reading = readStoryboard({ text, isCutOff: false }, options.language);
  if ("problem" in reading) throw new Error(reading.problem);
  const source = { transcript, language: options.language, speed };
  const { language, scenes } = holdToPlan(reading.storyboard, storyboardBounds(length_seconds, source));
  let seconds = 0;
  for (const [index, { narration }] of scenes.entries()) {
    const pcm = await speak({ text: narration, voice: "marin", speed }, AbortSignal.timeout(120_000));
    const sound = { pcm, sampleRate: speechRate } as DecodedVoice;
    const words = alignWords(narration, language, sound);
    const part = findSpeech({ seconds: pcm.length / speechRate, sound, words });
    const pause = pauseAfter(narration, index === scenes.length - 1);
    seconds += framesToSeconds(timeScene(part.endSeconds - part.startSeconds, pause).frames);
  }
  return seconds;
}
