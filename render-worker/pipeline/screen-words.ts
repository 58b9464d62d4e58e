/** Asks, before anything is bought, whether providers would refuse a film's words. */
import { createHash } from "node:crypto";
import type { ClaimedJob } from "../../contract/claim.ts";
import type { Passage } from "../../contract/moderation.ts";
import type { Moderate } from "../ai/openai/moderate.ts";
import { Poison } from "../errors.ts";

/** A sentence that ends the job. `passage` is its place in the transcript; null if it stands in a storyboard. */
export class NotAllowed extends Poison {
  readonly passage: Passage | null;

  constructor(message: string, passage: Passage | null) {
    super("dream.not_allowed", message);
    this.passage = passage;
  }
}

/**
 * Asks for the transcript's sentences, or for the words of the storyboard that the job already has: those of a redo, or
 * of a storyboard that was edited.
 *
 * @throws NotAllowed, or the signal's reason
 */
export async function screenWords(
  { dream, storyboard }: Pick<ClaimedJob, "dream" | "storyboard">,
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (moderate === undefined) return;
  if (storyboard !== null) return screenScenes(storyboard.scenes, moderate, signal);
  const sentences = splitSentences(dream.transcript);
  const texts = sentences.map(({ text }) => text);
  const found = await moderate(texts, signal);
  const sentence = found === null ? undefined : sentences[found];
  if (sentence) throw refuseSentence(sentence);
}

/**
 * Asks for the words of scenes.
 *
 * @throws NotAllowed, or the signal's reason
 */
export async function screenScenes(
  scenes: readonly { narration: string; picture: string }[],
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> {
  const texts = scenes.flatMap(({ narration, picture }) => [narration, picture]);
  const found = (await moderate?.(texts, signal)) ?? null;
  if (found !== null) throw refuseScene(Math.floor(found / 2) + 1);
}

interface Sentence {
  start: number;
  end: number;
  text: string;
}

/** The sentences of a text without the white space around them, in code units. */
export function splitSentences(transcript: string): Sentence[] {
  const segments = new Intl.Segmenter("und", { granularity: "sentence" }).segment(transcript);
  return Array.from(segments, ({ index, segment }) => {
    const start = index + segment.length - segment.trimStart().length;
    const text = segment.trim();
    return { start, end: start + text.length, text };
  }).filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
}

const refuseSentence = ({ start, end, text }: Sentence) =>
  new NotAllowed(
    "The AI providers do not make a film of one sentence of this dream. Change it and try again. Nothing was bought.",
    { start, end, sha256: createHash("sha256").update(text).digest("hex") },
  );

const refuseScene = (number: number) =>
  new NotAllowed(
    `The AI providers do not make a film of the words of scene ${number}. Change them and try again. Nothing more was bought.`,
    null,
  );
