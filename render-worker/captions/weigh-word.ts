/** How long a word takes to say against others of the same voice, in about one unit per sound. Never 0. */
export function weighWord(text: string): number {
  let weight = 0;
  for (const char of text) weight += weighChar(char);
  return Math.max(weight, 1);
}

function weighChar(char: string): number {
  if (/\p{Script=Han}/u.test(char)) return 3;
  if (/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(char)) return 2;
  if (/\p{Nd}/u.test(char)) return 4;
  if (/\p{L}/u.test(char)) return 1;
  return 0;
}
