/**
 * Cuts a dream into its own sentences and clauses, in any script, and counts its words.
 */
import { detectLanguage } from "./detect-language.ts";
import { areWhole } from "./whole-clauses.ts";

const sentenceEnd =
  /(?<=[.!?…؟۔।॥。！？｡]["'”’»」』）)]*)(?=\s)(?!\s[»”](?:\s|$))|(?<=[.!?…؟]\s[»”])(?=\s)|(?<=[。！？｡؟।॥…]["'”’»」』）)]*)|\n{2,}|(?<=[\p{L}\p{N}])\s*\n(?=\s*[-•*])/u;
const clauseEnd =
  /(?<=[,;:،؛、，；：—–]["'”’»」』]*)(?=\s|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}])|(?<=[、，；：])/u;
const abbreviations = /(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|Prof|Sr|Jr|vs|etc|e\.g|i\.e|z\.B|bzw|usw|p\.ej|M|Mme)\.$/u;

/** Sentences with their own marks, in order, without the white space around them. */
export function splitSentences(text: string): string[] {
  const pieces = text.replace(/\r\n?/g, "\n").split(sentenceEnd).map(tidy).filter(isSayable);
  const sentences: string[] = [];
  for (const piece of pieces) {
    const before = sentences.at(-1);
    const goesOn = /(?:…|\.\.\.)$/u.test(before ?? "") && /^\p{Ll}/u.test(piece);
    if (before !== undefined && (goesOn || abbreviations.test(before)))
      sentences[sentences.length - 1] = `${before} ${piece}`;
    else sentences.push(piece);
  }
  return sentences;
}

/** How long a text is, in words or in characters. */
export type Measure = (text: string) => number;

/**
 * Clauses of one sentence, cut at commas and colons; each has a size of at least `fewest`, unless it is the
 * only one.
 */
export function splitClauses(sentence: string, fewest: number, size: Measure = countWords): string[] {
  const clauses: string[] = [];
  const language = detectLanguage(sentence);
  for (const piece of sentence.split(clauseEnd).map(tidy).filter(Boolean)) {
    const before = clauses.at(-1);
    const isShort = before !== undefined && (size(before) < fewest || size(piece) < fewest);
    if (before !== undefined && (isShort || !areClauses(before, piece, language))) {
      clauses[clauses.length - 1] = join(before, piece);
    } else clauses.push(piece);
  }
  return clauses;
}

/** In these scripts a comma may also stand between adjectives: "a long, dark corridor". */
const listing = /\p{sc=Latin}|\p{sc=Cyrillic}|\p{sc=Greek}/u;
const strongEnd = /[;:؛；：—–]["'”’»」』]*$/u;
const clauseStart =
  /^["'“‘«(]*(?:and|but|or|so|then|yet|nor|for|i|he|she|it|they|we|you|there|und|aber|oder|denn|dann|ich|er|sie|es|wir|da|et|mais|ou|puis|je|j['’]|il|elle|on|nous|ils|elles|y|pero|o|luego|yo|él|ella|ellos|nosotros|e|ma|poi|io|lui|lei|noi|mas|então|eu|ele|ela|nós|и|но|а|я|он|она|оно|они|мы|και|αλλά)(?![\p{L}])/iu;
const subordinate =
  /^["'“‘«(]*(?:when|as|while|if|after|before|once|because|since|although|wenn|als|während|weil|bevor|nachdem|quand|lorsque|comme|si|cuando|mientras|si|quando|mentre|se|когда|если|пока|όταν)(?![\p{L}])/iu;
const verb =
  /(?:^|[^\p{L}])(?:am|is|are|was|were|has|have|had|hath|did|does|will|would|could|can|may|must|should|\p{L}{3,}ed|ist|sind|war|waren|hat|hatte|hatten|wird|est|était|étaient|sont|avait|es|era|estaba|había|fue|foi|estava|tinha|aveva|erano)(?![\p{L}])/iu;

/** Whether a comma between two parts separates clauses that can each be told alone. */
function areClauses(before: string, after: string, language: string): boolean {
  if (!listing.test(after)) return true;
  if (!areWhole(before, after, language)) return false;
  if (strongEnd.test(before)) return true;
  const isWhole = clauseStart.test(after) || (verb.test(after) && verb.test(before));
  return isWhole && (!subordinate.test(before) || /,.*\p{L}/u.test(before));
}

/** Joins two parts; scripts without spaces get none. */
export function join(before: string, after: string): string {
  const spaceless = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303f\uff00-\uffef]$/u.test(before);
  return spaceless ? before + after : `${before} ${after}`;
}

const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/** Words as a dictionary of the script would find them; an ideographic text counts too. */
export function countWords(text: string): number {
  let words = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) words += 1;
  return words;
}

/** Letters and digits, as scripts without spaces count their texts. */
export const countCharacters: Measure = (text) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;

const tidy = (text: string) => text.replace(/\s+/gu, " ").trim();
const isSayable = (text: string) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(text);
