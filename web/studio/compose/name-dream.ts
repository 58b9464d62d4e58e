/** A short title from the dream's first words: whole words, at most 48 characters. */
export function nameDream(text: string): string {
  const plain = text.replace(/\s+/gu, " ").trim();
  const sentence = plain.split(/(?<=[.!?。！？])/u, 1)[0]?.replace(/[.。]$/u, "") ?? "";
  const chars = [...sentence];
  if (chars.length <= maxChars) return sentence;
  const cut = chars.slice(0, maxChars - 1).join("");
  return `${cut.includes(" ") ? cut.replace(/[\s,;:]+\S*$/u, "") : cut}…`;
}

const maxChars = 48;
