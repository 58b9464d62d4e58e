/** Asks, before anything is bought, whether providers would refuse a film's words. */
import { createHash } from "node:crypto";
import type { ClaimedJob, KnownMember } from "../../contract/claim.ts";
import type { Passage } from "../../contract/moderation.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { Moderate } from "../ai/openai/moderate.ts";
import { Poison } from "../errors.ts";

/**
 * A sentence that ends the job. `passage` is its place in the transcript; null if it stands in a storyboard,
 * which is `text` then.
 */
export class NotAllowed extends Poison {
  readonly passage: Passage | null;
  readonly text: string | null;

  constructor(message: string, words: { passage?: Passage; text?: string }) {
    super("dream.not_allowed", message);
    this.passage = words.passage ?? null;
    this.text = words.text ?? null;
  }
}

/** What the text model is given of a job. */
type Told = Pick<ClaimedJob, "dream" | "storyboard" | "attempt" | "known_cast"> & {
  options: Pick<ClaimedJob["options"], "cast">;
};

/**
 * Asks for all that the text model is given: the transcript's sentences, the dream's title, and name and
 * description of the owner's cast. Or for the words of the storyboard that the job already has: those of a
 * redo, or of a storyboard that was edited.
 *
 * @throws NotAllowed, Poison `cast.not_allowed`, or the signal's reason
 */
export async function screenWords(
  { dream, storyboard, attempt, known_cast, options }: Told,
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (moderate === undefined) return;
  if (storyboard !== null) return screenStoryboard(storyboard, moderate, signal);
  const title = dream.title?.trim() ?? "";
  const asked = [
    ...splitSentences(dream.transcript).map((sentence) => ({
      text: sentence.text,
      refuse: () => refuseSentence(sentence, attempt),
    })),
    ...(title === "" ? [] : [{ text: title, refuse: () => refuseTitle(title, attempt) }]),
    ...(options.cast ? known_cast : []).map((member) => ({
      text: wordsOf(member),
      refuse: async () => {
        const isNameRefused = (await moderate([member.name], signal)) !== null;
        return refuseMember(isNameRefused ? null : member.name, attempt);
      },
    })),
  ];
  const found = await moderate(
    asked.map(({ text }) => text),
    signal,
  );
  const refused = found === null ? undefined : asked[found];
  if (refused) throw await refused.refuse();
}

/**
 * Asks for all words of a storyboard, of its title and of the descriptions of the cast that its scenes show.
 *
 * @throws NotAllowed, or the signal's reason
 */
export async function screenStoryboard(
  { title, scenes, cast = [] }: Pick<Storyboard, "title" | "scenes" | "cast">,
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> {
  await screen(
    [...placesOf(scenes), { where: "the title", text: title }, ...placesOfCast(cast, scenes)],
    moderate,
    signal,
  );
}

/**
 * Asks for the words of scenes.
 *
 * @throws NotAllowed, or the signal's reason
 */
export const screenScenes = (
  scenes: readonly SceneWords[],
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> => screen(placesOf(scenes), moderate, signal);

/**
 * Asks for the descriptions of a cast, which a text model or an owner has written.
 *
 * @throws NotAllowed, or the signal's reason
 */
export const screenCast = (
  cast: Storyboard["cast"] = [],
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> => screen(placesOfCast(cast), moderate, signal);

interface SceneWords {
  narration: string;
  picture: string;
}

/** A text, and what it is called in a message. */
interface Place {
  where: string;
  text: string;
}

const placesOf = (scenes: readonly SceneWords[]): Place[] =>
  scenes.flatMap(({ narration, picture }, index) =>
    [narration, picture].map((text) => ({ where: `scene ${index + 1}`, text })),
  );

const placesOfCast = (
  cast: NonNullable<Storyboard["cast"]>,
  scenes: Storyboard["scenes"] | null = null,
): Place[] =>
  cast.flatMap((member, index) =>
    scenes === null || scenes.some((scene) => scene.cast?.includes(member.id))
      ? [{ where: `member ${index + 1} of the cast`, text: wordsOf(member) }]
      : [],
  );

const wordsOf = ({ name, description }: Pick<KnownMember, "name" | "description">) =>
  `${name}: ${description}`;

async function screen(
  places: readonly Place[],
  moderate: Moderate | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (moderate === undefined || places.length === 0) return;
  const texts = places.map(({ text }) => text);
  const found = await moderate(texts, signal);
  const place = found === null ? undefined : places[found];
  if (place === undefined) return;
  const sentences = splitSentences(place.text);
  const sentence =
    sentences.length > 1
      ? await moderate(
          sentences.map(({ text }) => text),
          signal,
        )
      : null;
  throw refuseText(place.where, (sentence === null ? undefined : sentences[sentence]?.text) ?? place.text);
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

/**
 * An earlier attempt may have bought parts of the film: it was not asked, or the provider did not answer
 * then.
 */
const boughtBefore = (attempt: number) =>
  attempt === 1 ? "Nothing was bought." : "Nothing more was bought.";

const refuseSentence = ({ start, end, text }: Sentence, attempt: number) =>
  new NotAllowed(
    `The AI providers do not make a film of one sentence of this dream. Change it and try again. ${boughtBefore(attempt)}`,
    { passage: { start, end, sha256: createHash("sha256").update(text).digest("hex") } },
  );

const refuseTitle = (text: string, attempt: number) =>
  new NotAllowed(
    `The AI providers do not make a film of this dream's title. Change it and try again. ${boughtBefore(attempt)}`,
    { text },
  );

/** @param name null if the name itself is refused */
const refuseMember = (name: string | null, attempt: number) =>
  new Poison(
    "cast.not_allowed",
    `The AI providers refuse ${name === null ? "the name of one of your people" : `the description of “${name}” among your people`}. Change or delete it there and try again. ${boughtBefore(attempt)}`,
    { quotesOwner: true },
  );

const refuseText = (where: string, text: string) =>
  new NotAllowed(
    `The AI providers do not make a film of the words of ${where}. Change them and try again. Nothing more was bought.`,
    { text },
  );
