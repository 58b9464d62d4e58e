/**
 * What is heard in a take: its words with their times, and how it relates to its script. Kept in R2, so that
 * a redo of another scene neither reads, decodes nor aligns the voice again.
 */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { alignWords } from "../../captions/align-words.ts";
import { respell, restoreSpelling } from "../../captions/text/respell.ts";
import type { DecodedVoice } from "../../media/decode-voice.ts";
import { readSaid } from "../../media/voice/said-chunk.ts";
import type { Note } from "../../purchases/asset-store.ts";
import { findSpeech } from "./find-speech.ts";
import { judgeTake, verdicts } from "./judge-take.ts";
import type { TakeTranscript } from "./transcribe-take.ts";

/** Raise this when the same voice is heard otherwise and films that are redone should have it anew. */
const hearingRecipe = 1;

const Span = z.object({ startSeconds: z.number(), endSeconds: z.number() });

const Hearing = z.object({
  verdict: z.enum(verdicts),
  /**
   * What the voice says, by its provider or by a transcription, as captions write it; null if neither tells.
   */
  said: z.string().nullable(),
  words: z.array(Span.extend({ text: z.string(), joinsNext: z.boolean().exactOptional() })),
  speech: z.object({ part: Span, silentSeconds: z.number() }),
  loudness: z.object({ integratedLufs: z.number(), truePeakDb: z.number() }),
  /** Of each channel at 48 kHz. */
  samples: z.number(),
});
export type Hearing = z.infer<typeof Hearing>;

/** What a take was asked to say, and how. */
export interface Script {
  narration: string;
  language: string;
  speed: number;
  pronunciations: Record<string, string>;
}

/** Notes of what is heard. */
export const hearingKind = {
  capability: "hearing",
  extension: "json",
  contentType: "application/json",
} as const;

/**
 * Everything that shapes what is heard.
 *
 * @param voice the shape of the bought voice
 * @param transcription the model that tells what a voice says; null if none is configured
 */
export const hearingShape = (
  script: Script,
  voice: Record<string, unknown>,
  transcription: string | null,
) => ({ recipe: hearingRecipe, voice, transcription, ...script });

/** The hearing in a note; null if there is none that can be read. */
export async function readHearing(note: Note): Promise<Hearing | null> {
  const text = await note.find();
  if (text === null) return null;
  try {
    return Hearing.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * Hears a decoded take. The hearing may be kept unless the transcription was away: another attempt hears
 * more.
 *
 * @param file the voice as it was bought
 * @param transcribe tells what a voice says that has no transcript of its own
 */
export async function hearTake(
  voice: DecodedVoice,
  file: string,
  { narration, language, speed, pronunciations }: Script,
  transcribe: () => Promise<TakeTranscript>,
): Promise<{ hearing: Hearing; mayBeKept: boolean }> {
  const say = (written: string) => respell(written, pronunciations);
  const text = say(narration);
  const own = readSaid(await readFile(file));
  const isSilent = judgeTake(text, null, language, voice, speed) === "silent";
  const transcript = own === null && !isSilent ? await transcribe() : { text: own, isAway: false };
  const heard = transcript.text;
  const said = heard && restoreSpelling(heard, pronunciations);
  // A transcript may write the word or its respelling.
  const verdict = judgeTake(text, said && say(said), language, voice, speed);
  const shown = verdict === "verbatim" || verdict === "silent" || !said ? narration : said;
  const words = alignWords(shown, language, voice, "voice", say);
  const { loudness, samples } = voice;
  const hearing = { verdict, said, words, speech: findSpeech(voice, words), loudness, samples };
  return { hearing, mayBeKept: !transcript.isAway };
}
