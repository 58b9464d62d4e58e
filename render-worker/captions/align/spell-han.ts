/**
 * The sounds of a Chinese character. In Chinese one syllable whose first sound is looked up; in Japanese
 * about two syllables, because the reading depends on the word.
 */
export function spellHan(char: string, language: string): string {
  if (language === "ja") return "TaNi";
  return `${mandarinInitial(char)}au`;
}

/**
 * The collator sorts characters by pinyin, so the first character of each initial marks the start of that
 * initial's range.
 */
const initials =
  "阿:- 八:D 嚓:TS 搭:D 蛾:- 发:F 噶:D 哈:F 击:DS 喀:T 垃:L 妈:N 哦:- 啪:T 期:TS 然:L 撒:S 塌:T 挖:L 昔:S 压:L 匝:TS"
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]);
const byPinyin = new Intl.Collator("zh-u-co-pinyin");

function mandarinInitial(char: string): string {
  const sounds = initials.findLast(([first]) => byPinyin.compare(char, first) >= 0)?.[1] ?? "T";
  return sounds === "-" ? "" : sounds;
}
