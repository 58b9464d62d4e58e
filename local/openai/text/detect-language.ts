/**
 * Which language a text is in, by its script and its small words. BCP 47; `en` when nothing tells.
 */
const scripts: readonly [RegExp, string][] = [
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, "ja"],
  [/\p{sc=Hangul}/gu, "ko"],
  [/\p{sc=Han}/gu, "zh"],
  [/\p{sc=Arabic}/gu, "ar"],
  [/\p{sc=Hebrew}/gu, "he"],
  [/\p{sc=Devanagari}/gu, "hi"],
  [/\p{sc=Bengali}/gu, "bn"],
  [/\p{sc=Tamil}/gu, "ta"],
  [/\p{sc=Telugu}/gu, "te"],
  [/\p{sc=Gujarati}/gu, "gu"],
  [/\p{sc=Gurmukhi}/gu, "pa"],
  [/\p{sc=Greek}/gu, "el"],
  [/\p{sc=Cyrillic}/gu, "ru"],
  [/\p{sc=Thai}/gu, "th"],
  [/\p{sc=Georgian}/gu, "ka"],
  [/\p{sc=Armenian}/gu, "hy"],
  [/\p{sc=Ethiopic}/gu, "am"],
  [/\p{sc=Latin}/gu, "latin"],
];

const smallWords: Record<string, string> = {
  en: "the and was were i my to of in it that with had is he she they not at on for his her a be you me from",
  de: "der die das und ich war ist nicht ein eine mit auf den dem es sie er wir zu von im mir mich als wie",
  fr: "le la les et je un une des dans était il elle que qui pas mon ma au du de nous avec sur est j ai",
  es: "el la los las y yo un una en que de con mi era estaba no se por del al su me lo había como",
  it: "il lo la gli e io un una che di con mi era non si per del nella mio mia ero su le sono della",
  pt: "o a os as e eu um uma que de com meu minha era não se por do da no na em estava foi",
  nl: "de het een en ik was van niet met op zijn dat mijn in er we ze hij naar",
  sv: "och jag en ett det som var på inte med min den av för till är",
  da: "og jeg en et det som var på ikke med min den af for til er",
  nb: "og jeg en et det som var på ikke med min den av for til er",
  fi: "ja minä oli on ei että se hän oma kuin mutta kun olin",
  pl: "i w na się nie z że to był była jest moja mój do jak po",
  cs: "a v na se že jsem byl byla to je s do jako můj moje",
  tr: "ve bir bu da de ben için ile çok gibi ama o vardı benim",
  vi: "tôi và là của một có trong không đã với những",
  id: "yang dan di saya aku itu dengan untuk tidak dari ke ada",
  hu: "a az és egy én volt hogy nem van meg is mint",
  ro: "și în un o am era cu pe nu care mea meu la",
};
const sets = Object.entries(smallWords).map(([tag, words]) => [tag, new Set(words.split(" "))] as const);

export function detectLanguage(text: string): string {
  const counts = scripts.map(([pattern, tag]) => [tag, text.match(pattern)?.length ?? 0] as const);
  const count = (tag: string) => counts.find(([name]) => name === tag)?.[1] ?? 0;
  // Japanese mixes kana with ideographs: a few kana tell it from Chinese.
  if (count("ja") > 0 && count("ja") * 8 >= count("zh")) {
    if (count("ja") + count("zh") >= count("latin")) return "ja";
  }
  const [script, most] = counts.reduce((best, next) => (next[1] > best[1] ? next : best));
  if (most === 0) return "en";
  if (script === "latin") return latinLanguage(text);
  if (script === "ru") return cyrillicLanguage(text);
  if (script === "ar") return /[پچژگ]/u.test(text) ? (/[ٹڈڑںے]/u.test(text) ? "ur" : "fa") : "ar";
  return script;
}

function latinLanguage(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  let best = { tag: "en", score: 0 };
  for (const [tag, set] of sets) {
    const score = words.filter((word) => set.has(word)).length;
    if (score > best.score) best = { tag, score };
  }
  return best.tag;
}

function cyrillicLanguage(text: string): string {
  if (/[іїєґ]/iu.test(text)) return "uk";
  if (/[ћђљњџј]/iu.test(text)) return "sr";
  if (!/[ыэё]/iu.test(text) && /(?:^|\s)(?:съм|беше|и|на|се|със)(?=\s)/iu.test(text) && /ъ/iu.test(text))
    return "bg";
  return "ru";
}
