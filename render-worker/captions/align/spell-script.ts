import { spellHan } from "./spell-han.ts";

/**
 * The sounds of one lower-case word that is not in Latin letters. A letter of an unknown script counts as a
 * syllable.
 */
export function spellScript(word: string, language: string): string {
  const chars = [...word];
  const sounds = chars
    .map((char, i) => spellChar(char, chars[i - 1] ?? "", chars[i + 1] ?? "", language))
    .join("");
  // Thai and Lao omit short vowels between two consonants.
  return /[aiu@]/.test(sounds) || sounds.length < 2 ? sounds : `${sounds[0]}u${sounds.slice(1)}`;
}

function spellChar(char: string, before: string, after: string, language: string): string {
  if (/\p{Script=Han}/u.test(char)) return spellHan(char, language);
  if (/\p{Script=Hangul}/u.test(char)) return spellHangul(char);
  const letter = letters.get(char);
  if (letter !== undefined) return letter;
  const consonant = abjads.get(char);
  if (consonant !== undefined) return spellAbjad(char, consonant, before, after);
  const place = (char.codePointAt(0) ?? 0) & 0x7f;
  if (/[\u0900-\u0d7f]/.test(char)) return spellIndic(place, before, after);
  if (/[\u0e00-\u0eff]/.test(char)) return spellThai(place);
  return /\p{L}/u.test(char) ? "Ta" : "";
}

/** Rows of `sounds:letters`; "-" marks letters without a sound. */
const table = (rows: string): [string, string][] =>
  rows
    .trim()
    .split(/\s+/)
    .flatMap((row) => {
      const [sounds = "", chars = ""] = row.split(":");
      return [...chars].map((char): [string, string] => [char, sounds === "-" ? "" : sounds]);
    });

/** Scripts that write their vowels: Cyrillic, Greek, Armenian, Georgian, kana. */
const letters = new Map(
  table(`
  a:аαά i:иеэыіїєѐѝεέηήιίϊΐ u:оуөүοόυύϋΰωώ Li:ё La:я Lu:ю L:йлрљјλρў D:бдгґђѓβδγ T:пткќπτκ TS:цчћџξψ S:зсжшщѕσςζ
  F:фхвһφχθ N:мнњμν @:ъ -:ь
  a:աა i:եէըիეი u:ոօւոუ D:բգդბგდ T:պկտփքთპტკქყ TS:ծձցչջճცჩძწჭჯ S:զժսշზჟსშ F:վֆհխვჰხღფ N:մնმნ L:լրռյლრ
  a:あアー i:いイえエ u:うウおオをヲ Ta:かカたタぱパ Ti:きキけケてテぴピぺペ Tu:くクこコとトぷプぽポ Da:がガだダばバ
  Di:ぎギげゲでデびビべベ Du:ぐグごゴどドぶブぼボ Sa:さサざザ Si:しシせセじジぜゼぢヂ Su:すスそソずズぞゾづヅ
  TSi:ちチ TSu:つツ Na:なナまマ Ni:にニねネみミめメ Nu:ぬヌのノむムもモ Fa:はハ Fi:ひヒへヘ Fu:ふフほホ
  La:らラわワやヤ Li:りリれレ Lu:るルろロゆユよヨ N:んン -:っッゃャゅュょョぁァぃィぅゥぇェぉォ`),
);

/** Scripts that omit short vowels: Arabic with Persian and Urdu letters, Hebrew. */
const abjads = new Map(
  table(`
  a:اأآإىةאע u:وؤו i:يئیېי T:تكقطپکتכטפקךף D:بدضگجבדג S:سشصزظذثژچסצשזץ F:فحخهعغھہחה N:منںמנםן L:لرڑלר T:ת
  -:ًٌٍَُِّْ`),
);
const longVowels = new Set("اأآإىةويیאעוי");
/** Vowels inside a word, consonants (w, v, y) at its start. */
const glides = new Map([..."ويیוי"].map((char) => [char, "La"]));

function spellAbjad(char: string, sounds: string, before: string, after: string): string {
  const open = isOpen(char, after) ? `${sounds}a` : sounds;
  if (before === "" && after !== "") return glides.get(char) ?? open;
  return after === "" && char === "ה" ? "a" : open;
}

/**
 * True for a consonant before another one: most of these pairs are spoken with a short vowel between them.
 */
const isOpen = (char: string, after: string) =>
  abjads.has(after) && !longVowels.has(char) && !longVowels.has(after);

const hangulInitials = "D T N D T L N D T S S - DS TS TS T T T F".split(" ");
const hangulVowels = "a i La Li u i Lu Li u La Li Li Lu u Lu Li Li Lu u ui i".split(" ");
const hangulFinals = "- T T T N N N T L L L L L L L T N T T T T N T T T T T T".split(" ");

/** A Hangul syllable's code is computed from its parts: 588 codes per initial, 28 per vowel, 1 per final. */
function spellHangul(char: string): string {
  const code = (char.codePointAt(0) ?? 0) - 0xac00;
  if (code < 0 || code >= 11_172) return "a";
  const parts = [
    hangulInitials[Math.floor(code / 588)],
    hangulVowels[Math.floor(code / 28) % 21],
    hangulFinals[code % 28],
  ];
  return parts.join("").replaceAll("-", "");
}

const indicConsonants = "T T D D N TS TS DS DS N T T D D N T T D D N N T T D D N L L L L L L L S S S F".split(
  " ",
);

/**
 * The scripts from Devanagari to Malayalam have their marks, vowels, consonants and vowel signs at the same
 * offsets.
 */
function spellIndic(place: number, before: string, after: string): string {
  if (place <= 0x03) return place === 0x03 ? "F" : "N";
  if (place <= 0x14) return indicVowel(place + 0x39);
  if (place >= 0x3e && place <= 0x4c) return indicVowel(place);
  const consonant = indicConsonants[place - 0x15] ?? "";
  const isSigned = /[\u0900-\u0d7f]/.test(after) && /\p{M}/u.test(after) && !/[\u0901-\u0903]/.test(after);
  // A consonant's inherent vowel is silent at the end of a word.
  return consonant && !isSigned && (after !== "" || before === "") ? `${consonant}@` : consonant;
}

const indicVowel = (place: number) => {
  if (place <= 0x3e) return "a";
  return place <= 0x40 || (place >= 0x45 && place <= 0x48) ? "i" : "u";
};

const thaiConsonants =
  "T T T T T T N TS TS TS S TS L D T T T T N D T T T T N D T T F T F T N L L L L L L S S S F L a F".split(
    " ",
  );
const thaiVowels = new Map(
  table(
    "a:\u0e30\u0e31\u0e32\u0e33 i:\u0e34\u0e35\u0e36\u0e37\u0e40\u0e41 u:\u0e38\u0e39\u0e42 ai:\u0e43\u0e44",
  ),
);

/** Lao has the order of Thai, 0x80 higher. */
function spellThai(place: number): string {
  return thaiVowels.get(String.fromCodePoint(0x0e00 + place)) ?? thaiConsonants[place - 1] ?? "";
}
