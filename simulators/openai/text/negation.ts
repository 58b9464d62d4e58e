/**
 * Whether a text says that something is not there: "a boat with no sails", "ohne Mond", "I could not fly".
 */

/** Words between a negation and its noun; an article or a preposition would begin another part. */
const adjectives =
  /^(?:(?:any|the|a|an|one|single|ein(?:e|en|em|er)?)\s+)?(?:(?!(?:the|a|an|der|die|das|den|dem|my|his|her|their|mein\p{L}*|in|on|at|of|to|from|with|under|over|by|im|am|auf|aus|von|mit|and|und|but|aber|was|were|is|are|came|had|war|waren|only|nur|longer|sooner|but|less|one)\s)[\p{L}\p{M}-]+\s+){0,2}$/u;
const negations =
  /(?<!\p{L})(?:no|without|neither|nor|lacking|kein(?:e|en|em|er|es)?|ohne|weder|sans|sin|ningún|ninguna|senza|nessun[ao]?|sem|nenhuma?|без)\s+/gu;
/** "Not" before an article or a verb: "not a soul", "did not see the moon", "nicht fliegen". */
const notBefore =
  /(?<!\p{L})(?:not|never|n['’]t|nicht|nie|niemals)\s+(?:(?:a|an|any|one)\s+(?:single\s+)?|(?:see|find|hear|have)\s+(?:(?:the|any|a|an|my)\s+)?)?(?:\p{L}+\s+)?$/u;
const notOnly = /(?<!\p{L})(?:not|nicht)\s+(?:only|just|nur)(?!\p{L})/u;
/** "Ich flog nicht." */
const notAfter = /^\s+(?:nicht|nie|niemals)\s*(?:[.,;:!?]|$)/u;
const orAnother =
  /^\s*,?\s+(?:(?:nor|noch)\s+(?:the\s+|der\s+|die\s+|das\s+)?|(?:or|oder|ou|and|und)\s+)(?:(?!the|a|an|my|der|die|das|ein\p{L}*|mein\p{L}*)\p{L}+\s+)?$/u;

interface Word {
  at: number;
  end: number;
}

/**
 * Those of the words, in the order of the text, that the text does not deny.
 *
 * @param low the text in small letters
 * @param isDone whether a word tells what is done, and not what is there
 */
export function keepAffirmed<T extends Word>(
  low: string,
  words: readonly T[],
  isDone: (word: T) => boolean,
): T[] {
  const denied: Word[] = [];
  return words.filter((word) => {
    const isDenied =
      isAfterNegation(low.slice(0, word.at)) ||
      (isDone(word) ? isNotDone(low, word) : notAfter.test(low.slice(word.end))) ||
      denied.some(({ end }) => end < word.at && orAnother.test(low.slice(end, word.at)));
    if (isDenied) denied.push(word);
    return !isDenied;
  });
}

/** Whether what comes next is said not to be there. */
export function isAfterNegation(before: string): boolean {
  const last = [...before.matchAll(negations)].at(-1);
  if (last && adjectives.test(before.slice(last.index + last[0].length))) return true;
  const not = notBefore.exec(before);
  return not !== null && !notOnly.test(not[0]) && /(?:a|an|any|one|see|find|hear|have)\s/u.test(not[0]);
}

const isNotDone = (low: string, { at, end }: Word) => {
  const not = notBefore.exec(low.slice(0, at));
  return (not !== null && !notOnly.test(not[0])) || notAfter.test(low.slice(end));
};
