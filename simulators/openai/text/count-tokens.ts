/**
 * About as many tokens as a byte-pair tokenizer finds: one per four letters, one per ideograph or punctuation
 * mark.
 */
export function countTokens(text: string): number {
  let tokens = 0;
  for (const [piece] of text.matchAll(
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|[\p{L}\p{M}]+|\p{N}{1,3}|[^\s\p{L}\p{M}\p{N}]+/gu,
  )) {
    const latin = /^[\p{sc=Latin}]+$/u.test(piece);
    tokens += Math.max(1, Math.ceil(piece.length / (latin ? 5 : 2.5)));
  }
  return tokens;
}
