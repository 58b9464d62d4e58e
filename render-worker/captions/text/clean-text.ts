/**
 * The text as captions show it: one line, without invisible characters that could break it and without
 * anything libass cannot draw. Emoji sequences lose their joiners and skin tones and stand side by side,
 * because the one-colour font has no joined forms. Towers of accents are cut to a readable height; characters
 * in `undrawable` are removed.
 */
export function cleanText(text: string, undrawable: ReadonlySet<string> = new Set()): string {
  const drawn = undrawable.size === 0 ? text : [...text].filter((char) => !undrawable.has(char)).join("");
  return drawn
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(invisible, "")
    .replace(emojiExtras, "")
    .replace(emojiJoiner, "")
    .replace(flags, (flag) => [...flag].map(letterOfIndicator).join(""))
    .replace(tallAccents, "$1")
    .trim();
}

/** Controls, byte order marks, and marks that turn or embed directions: libass orders each line by itself. */
const invisible =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]/gu;
/** Variation selectors, skin tones, keycap rings, tags of subdivision flags. */
const emojiExtras = /[\ufe00-\ufe0f\u{1f3fb}-\u{1f3ff}\u20e3\u{e0000}-\u{e007f}]/gu;
/** Removed between emoji only: Persian and the scripts of India need their joiners. */
const emojiJoiner = /(?<=\p{Extended_Pictographic})\u200d|\u200d(?=\p{Extended_Pictographic})/gu;
const flags = /\p{Regional_Indicator}{2}/gu;
const tallAccents = /(\p{M}{3})\p{M}+/gu;

/** A flag is shown as its country's letters, which every font has. */
const letterOfIndicator = (char: string) =>
  String.fromCodePoint((char.codePointAt(0) ?? 0) - 0x1f1e6 + "A".charCodeAt(0));
