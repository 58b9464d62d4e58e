/** Sounds of one word that is not in Latin letters. Unknown scripts count as consonant and vowel in turn. */
export function spellScript(word: string, language: string): string {
  let sounds = "";
  const chars = [...word];
  for (const [i, char] of chars.entries()) {
    sounds += spellChar(char, chars[i - 1] ?? "", chars[i + 1] ?? "", language);
  }
  return sounds;
}

function spellChar(char: string, before: string, after: string, language: string): string {
  if (/\p{Script=Han}/u.test(char)) return language === "ja" ? "TaNi" : `${mandarinInitial(char)}au`;
  if (/\p{Script=Hangul}/u.test(char)) return spellHangul(char);
  if (/[\u3040-\u30ff]/.test(char)) return spellKana(char);
  const known = letters.get(char);
  if (known !== undefined) {
    if (!abjads.has(char)) return known;
    return known + (/\p{L}/u.test(after) && !longVowels.has(char) && !longVowels.has(after) ? "a" : "");
  }
  if (isIndic(char)) return spellIndic(char, after, before);
  if (/\p{Script=Thai}|\p{Script=Lao}/u.test(char)) return spellThai(char, before, after);
  if (/\p{M}/u.test(char)) return "";
  return /\p{L}/u.test(char) ? "Ta" : "";
}

/** Letters of the alphabets that write their vowels, and of Arabic and Hebrew, which leave out the short ones. */
const table = (rows: string) =>
  rows
    .trim()
    .split(/\s+/)
    .flatMap((row) => {
      const [sounds = "", chars = ""] = row.split(":");
      return [...chars].map((char): [string, string] => [char, sounds === "-" ? "" : sounds]);
    });

const cyrillicAndGreek = table(`
  a:аαά i:иеэыіїєѐѝεέηήιίϊΐ u:оуөүοόυύϋΰωώ Li:ё La:я Lu:ю L:йлрљјλρў D:бдгґђѓβδγ T:пткќπτκ TS:цчћџ S:зсжшщѕσςζ
  TS:ξψ F:фхвһφχθ N:мнњμν @:ъ -:ь`);
const arabic = table(`
  a:اأآإىة u:وؤ i:يئیې T:تكقطپکء D:بدضگج S:سشصزظذثژچ F:فحخهعغھہ N:منں L:لرڑ -:ًٌٍَُِّْ`);
const hebrew = table(`a:א u:ו i:י T:תכקטפךף D:בדג S:סשצזץ F:חהע N:מנםן L:לר`);
const armenianAndGeorgian = table(`
  a:աაა i:եէըիეი u:ոօւოუ D:բգդბგდ T:պկտփքთპტკქყ TS:ծձցչջճცჩძწჭჯ S:զժսշზჟსშ F:վֆհխვჰხღф N:մնმნ L:լրռյლრ`);
const letters = new Map([...cyrillicAndGreek, ...arabic, ...hebrew, ...armenianAndGeorgian]);
const abjads = new Set([...arabic, ...hebrew].map(([char]) => char));
const longVowels = new Set("اأآإىةويیאוי");

const initialSounds = ["", "D", "D", "T", "T", "N", "T", "L", "N", "D", "TS", "S", "", "DS", "TS", "TS", "TS", "T", "T", "F"];

/** A Hangul syllable is composed by rule: 588 codes an initial, 28 a vowel, 1 a final. */
function spellHangul(char: string): string {
  const code = (char.codePointAt(0) ?? 0) - 0xac00;
  if (code < 0 || code >= 11_172) return "a";
  const initials = ["D", "T", "N", "D", "T", "L", "N", "D", "T", "S", "S", "", "DS", "TS", "TS", "T", "T", "T", "F"];
  const vowels = ["a", "i", "La", "Li", "u", "i", "Lu", "Li", "u", "La", "Li", "Li", "Lu", "u", "Lu", "Li", "Li", "Lu", "u", "ui", "i"];
  const final = code % 28;
  const coda = final === 0 ? "" : [4, 5, 6, 16, 21].includes(final) ? "N" : [8, 9, 11, 12].includes(final) ? "L" : "T";
  return (initials[Math.floor(code / 588)] ?? "") + (vowels[Math.floor(code / 28) % 21] ?? "a") + coda;
}

const kana = new Map(
  Object.entries({
    a: "あア", i: "いイえエ", u: "うウおオ", Ta: "かカたタぱパ", Ti: "きキけケてテぴピぺペ", Tu: "くクこコとトぷプぽポ",
    Da: "がガだダばバ", Di: "ぎギげゲでデびビべベ", Du: "ぐグごゴどドぶブぼボ", Sa: "さサざザ", Si: "しシせセじジぜゼぢヂ",
    Su: "すスそソずズぞゾづヅ", TSi: "ちチ", TSu: "つツ", Na: "なナまマ", Ni: "にニねネみミめメ", Nu: "ぬヌのノむムもモ",
    Fa: "はハ", Fi: "ひヒへヘ", Fu: "ふフほホ", La: "らラわワやヤ", Li: "りリれレ", Lu: "るルろロゆユよヨ", u2: "をヲ", N: "んン",
    "": "っッゃャゅュょョぁァぃィぅゥぇェぉォ",
  }).flatMap(([sounds, chars]) => [...chars].map((char): [string, string] => [char, sounds.replace("2", "")])),
);

const spellKana = (char: string) => (char === "ー" ? "a" : (kana.get(char) ?? "Ta"));

/**
 * Chinese characters sort by their pinyin, so the first character of every initial marks where it begins.
 * Without Chinese collation data the initial is taken for a stop.
 */
function mandarinInitial(char: string): string {
  let sounds = "";
  for (const [first, initial] of pinyinBorders) {
    if (byPinyin.compare(char, first) < 0) break;
    sounds = initial;
  }
  return sounds;
}

const byPinyin = new Intl.Collator("zh-Hans-u-co-pinyin");
const pinyinBorders: [string, string][] = [
  ["阿", ""], ["八", "D"], ["嚓", "TS"], ["搭", "D"], ["蛾", ""], ["发", "F"], ["噶", "D"], ["哈", "F"], ["击", "DS"], ["喀", "T"],
  ["垃", "L"], ["妈", "N"], ["拿", "N"], ["哦", ""], ["啪", "T"], ["期", "TS"], ["然", "L"], ["撒", "S"], ["塌", "T"], ["挖", "L"],
  ["昔", "S"], ["压", "L"], ["匝", "TS"],
];

/** Devanagari to Malayalam and Sinhala share one layout: vowels, consonants, vowel signs and virama at the same offsets. */
const isIndic = (char: string) => /[\u0900-\u0d7f]/.test(char);

function spellIndic(char: string, after: string, before: string): string {
  const at = (char.codePointAt(0) ?? 0) & 0x7f;
  if (at >= 0x01 && at <= 0x03) return at === 0x03 ? "F" : "N";
  if (at >= 0x04 && at <= 0x14) return indicVowel(at - 0x04 + 0x3d);
  if (at >= 0x3e && at <= 0x4c) return indicVowel(at);
  if (at < 0x15 || at > 0x39) return "";
  const consonant = "TTDDNTSTSDSDSNTTDDNTTDDNNTTDDNLLLLLLLSSSF";
  void consonant;
  return indicConsonants[at - 0x15] + (hasInherentVowel(after, before) ? "@" : "");
}

const indicConsonants = "T T D D N TS TS DS DS N T T D D N T T D D N N T T D D N L L L L L L L S S S F".split(" ");

/** Any consonant but the last of a word, unless a sign or virama follows. */
const hasInherentVowel = (after: string, before: string) =>
  after === "" ? before === "" : !(isIndic(after) && /\p{M}/u.test(after) && !/[\u0901-\u0903]/.test(after));

const indicVowel = (at: number) => (at <= 0x3e ? "a" : at <= 0x40 || (at >= 0x46 && at <= 0x48) ? "i" : "u");

/** Thai and Lao share one layout at 0x80 apart: 42 consonants, then vowels; a consonant before a consonant hides an "a" or "o". */
function spellThai(char: string, before: string, after: string): string {
  const at = (char.codePointAt(0) ?? 0) & 0x7f;
  if (at >= 0x30 && at <= 0x3a) return at === 0x31 ? "a" : at <= 0x33 ? "a" : at <= 0x37 ? "i" : "u";
  if (at >= 0x40 && at <= 0x44) return at === 0x40 || at === 0x41 ? "i" : at === 0x42 ? "u" : "ai";
  if (at < 0x01 || at > 0x2e) return "";
  void before;
  void after;
  return thaiConsonants[at - 1] ?? "T";
}

const thaiConsonants =
  "T T T T T T N TS TS TS S TS L D T T T T N D T T T T N D T T F T F T N L L L L L L S S S F L a F".split(" ");

void initialSounds;
