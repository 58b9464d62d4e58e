/**
 * A user's text as one line of ASS text that libass shows as typed: braces and backslashes are no markup,
 * line breaks of every kind become spaces, control characters are removed. The text can neither start nor end
 * an override block.
 */
export function escapeAss(text: string): string {
  return (
    text
      .replace(lineBreaks, " ")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
      .replace(/[\u0000-\u001f\u007f-\u009f\ufeff]/g, "")
      .replaceAll("\\", `\\${wordJoiner}`)
      .replaceAll("{", "\\{")
      .replaceAll("}", "\\}")
  );
}

/** Keeps libass from reading the character after a backslash as part of an escape. */
const wordJoiner = "\u2060";
const lineBreaks = /\r\n|[\n\r\t\v\f\u0085\u2028\u2029]/g;
