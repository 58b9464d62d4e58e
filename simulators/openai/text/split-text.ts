/**
 * Cuts a dream into its own sentences and clauses, in any script, and counts its words.
 */
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
  for (const piece of sentence.split(clauseEnd).map(tidy).filter(Boolean)) {
    const before = clauses.at(-1);
    const isShort = before !== undefined && (size(before) < fewest || size(piece) < fewest);
    if (before !== undefined && (isShort || !areClauses(before, piece))) {
      clauses[clauses.length - 1] = join(before, piece);
    } else clauses.push(piece);
  }
  return clauses;
}

/** In these scripts a comma may also stand between adjectives: "a long, dark corridor". */
const listing = /\p{sc=Latin}|\p{sc=Cyrillic}|\p{sc=Greek}/u;
const strongEnd = /[;:؛；：—–]["'”’»」』]*$/u;
const clauseStart =
  /^["'“‘«(]*(?:and|but|or|so|then|yet|nor|for|if|i|he|she|it|they|we|you|there|that|which|who|where|when|while|until|because|as|und|aber|oder|denn|dann|ich|er|sie|es|wir|da|dass|als|weil|bis|wo|et|mais|ou|puis|je|j['’]|il|elle|on|nous|ils|elles|qui|où|y|pero|o|luego|yo|él|ella|ellos|nosotros|que|donde|cuando|e|ma|poi|io|lui|lei|noi|che|dove|quando|mas|então|eu|ele|ela|nós|onde|и|но|а|я|он|она|оно|они|мы|где|когда|потому|что|который|και|αλλά)(?![\p{L}])/iu;
const subordinate =
  /^["'“‘«(]*(?:when|as|while|if|after|before|once|because|since|although|wenn|als|während|weil|bevor|nachdem|quand|lorsque|comme|si|cuando|mientras|si|quando|mentre|se|когда|если|пока|όταν)(?![\p{L}])/iu;

/** Conjunctions after which a clause may share the subject of the one before: "it came and was gone". */
const coordinating = /^(?:and|but|or|und|aber|oder|et|mais|ou)$/iu;
const subject =
  /^["'“‘«(]*(?:\p{Lu}|(?:i|he|she|it|they|we|you|there|then|that|this|these|those|the|an?|my|your|his|her|its|our|their|all|both|each|every\p{L}*|some\p{L}*|no|nobody|none|nothing|behold|lo|one|two|three|suddenly|when|where|while|if|ich|er|sie|es|wir|ihr|man|da|dann|dort|plötzlich|der|die|das|ein|eine|mein\p{L}*|dein\p{L}*|sein\p{L}*|ihre?|unser\p{L}*|alle|jeder|jede|jedes|niemand|jemand|wenn|als|wo|weil|je|j['’]\p{L}+|tu|il|elle|on|nous|vous|ils|elles|ce|cela|le|la|les|l['’]\p{L}+|un|une|des|mon|ma|mes|ton|ta|son|sa|ses|notre|nos|leurs?|puis|quand|où)(?![\p{L}]))/u;

/**
 * Whether words that begin with a conjunction name their own subject, so that they can be a sentence: "and it was gone",
 * but not "and was gone". Other languages leave it out anyway.
 */
export const hasSubject = ([first = "", second = ""]: readonly string[]): boolean =>
  !coordinating.test(first) || subject.test(second);

/** German relative pronouns, which are articles where no verb follows. */
const relative = /^["'“‘«(]*(?:der|die|das|den|dem|deren|dessen|denen)(?![\p{L}])/iu;

const verb =
  /(?:^|[^\p{L}])(?:am|is|are|was|were|has|have|had|hath|did|does|will|would|could|can|may|must|should|\p{L}{3,}ed|ist|sind|war|waren|hat|hatte|hatten|wird|est|était|étaient|sont|avait|es|era|estaba|había|fue|foi|estava|tinha|aveva|erano)(?![\p{L}])/iu;

/** Whether a comma between two parts separates clauses that can each be told alone. */
function areClauses(before: string, after: string): boolean {
  if (!listing.test(after) || strongEnd.test(before)) return true;
  const isWhole =
    (clauseStart.test(after) && hasSubject(after.split(" "))) ||
    (verb.test(after) && (verb.test(before) || relative.test(after)));
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
