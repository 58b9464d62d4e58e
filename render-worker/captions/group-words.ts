import { joinWords, type TimedWord } from "./timed-word.ts";

/** Ends with a full stop, question or exclamation mark of any script, maybe inside closing quotes or brackets. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？｡؟۔।॥።։៕][\p{Pe}\p{Pf}"'”’]*$/u.test(text);
}

/** Consecutive words shown together: at most `maxWords` and about `maxChars`, never across the end of a sentence. */
export function groupWords(
  words: readonly TimedWord[],
  { maxWords, maxChars }: { maxWords: number; maxChars: number },
): TimedWord[][] {
  const groups: TimedWord[][] = [];
  let group: TimedWord[] = [];
  for (const word of words) {
    if (group.length > 0 && (group.length >= maxWords || joinWords([...group, word]).length > maxChars)) {
      groups.push(group);
      group = [];
    }
    group.push(word);
    if (endsSentence(word.text)) {
      groups.push(group);
      group = [];
    }
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
