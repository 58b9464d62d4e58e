/** A short name out of a dream's first words, to find it by later: whole words, at most 48 characters. */
export function nameDream(text: string): string {
  const plain = text.replace(/\s+/gu, " ").trim();
  const sentence = plain.split(/(?<=[.!?。！？])/u, 1)[0]?.replace(/[.。]$/u, "") ?? "";
  const chars = [...sentence];
  if (chars.length <= most) return sentence;
  const cut = chars.slice(0, most - 1).join("");
  return `${cut.includes(" ") ? cut.replace(/[\s,;:]+\S*$/u, "") : cut}…`;
}

const most = 48;
