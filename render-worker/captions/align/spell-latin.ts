/**
 * Spelling to sounds for the Latin script: a few ordered rules a language, the letter's usual sound otherwise.
 * Rough on purpose. A wrong vowel costs nothing; what counts is the number of syllables and where hisses and stops lie.
 */
type Rule = readonly [pattern: RegExp, sounds: string];

/** Sounds (kinds of `Sound`, one letter each) of one lower-case word. `language` is the primary subtag. */
export function spellLatin(word: string, language: string): string {
  const rules = rulesByLanguage[language] ?? usual;
  let sounds = "";
  let at = 0;
  while (at < word.length) {
    const [length, spelt] = applyFirst(rules, word, at);
    sounds += spelt;
    at += length;
  }
  return sounds;
}

function applyFirst(rules: readonly Rule[], word: string, at: number): [length: number, sounds: string] {
  for (const [pattern, sounds] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(word);
    if (match && match[0] !== "") return [match[0].length, sounds];
  }
  return [1, ""];
}

/** "^" and "$" are the word's ends. Earlier rules win. */
const compile = (table: Record<string, string>): Rule[] =>
  Object.entries(table).map(([pattern, sounds]) => [new RegExp(pattern, "y"), sounds]);

const usual = compile({
  "(?<=([bdgptkcfslmnrvz]))\\1": "",
  "[àáâãäåāăąæa]": "a",
  "[èéêëēęěėəeìíîïīįiıy]": "i",
  "[òóôõöøōőœoùúûüūůűuươ]": "u",
  "[çčćċ]": "TS",
  "c(?=[eiyéèêí])": "S",
  sh: "S",
  ch: "TS",
  "th|ph": "F",
  ng$: "N",
  x: "TS",
  qu: "TL",
  "[šśşșžźżßsz]": "S",
  "[kqptcťķţț]": "T",
  "[bdgđďðģ]": "D",
  "[mnñńňņŋ]": "N",
  "[lrłľļřŕwj]": "L",
  "[fvhþħ]": "F",
});

const perLanguage: Record<string, Record<string, string>> = {
  en: {
    "^kn|^gn|^pn": "N",
    "^wr|wh": "L",
    "^ps": "S",
    "tion|sion|cian|tian|cean": "S@N",
    "[ct]ious": "S@S",
    "[ct]ial": "S@L",
    ture$: "TS@",
    sure$: "S@",
    "[oa]ught": "uT",
    "o?ugh": "u",
    "[ea]?igh": "ai",
    gh: "",
    "tch|ch(?![rlmn])": "TS",
    "ch|ck|c(?![eiy])": "T",
    "(?<=d)ge$": "S",
    "mb$|mn$": "N",
    "sc(?=[eiy])": "S",
    "ss[iu](?=[aeo])": "S",
    "ng(?=[lr])": "ND",
    ng: "N",
    "g(?=[eiy])(?!get|gir|giv)": "DS",
    j: "DS",
    "(?<=^th)e$": "@",
    "(?<=[td])ed$": "iD",
    ed$: "D",
    "(?<=[sxzcg]|ch|sh)e[’']?s$": "iS",
    "(?<=[aeiouy].*[^aeiouy])es$": "S",
    "(?<=[bcdfgkpstz])les?$": "@L",
    "(?<=[aeiouy].*)e(?=ly$|ful|less|ment|ness)": "",
    "(?<=[aeiouy].*)e$": "",
    "eau|oo|ou(?=[prlt])|ew|ue|ui": "u",
    "[ie]ous": "i@S",
    ous$: "@S",
    "ou|ow": "au",
    "oa|au|aw": "u",
    "oi|oy": "ui",
    "ee|ea|ie": "i",
    "ai|ay|ei|ey": "ai",
    "ia|io|iu|eo|ua|uo": "i@",
    "^y|(?<=[aeou])y(?=[aeiou])": "L",
    "(?<=^[bcdfghklmnprstvw]+)y$": "ai",
    "[ia](?=[bcdfgklmnprstvz]e$)": "ai",
    "i(?=nd$|ld$)": "ai",
    "(?:er|or|ar|ure)$": "@L",
    "[eiu]r(?![aeiouyr])": "@L",
    "(?<=[aeiouy].*[^aeiouy])[eoa](?=[nlm]$|nt|nc|nd)": "@",
    "a$|^a(?=[^aeiou][aeiou])": "@",
    "h(?![aeiouy])": "",
  },
  de: {
    tsch: "TS",
    sch: "S",
    chs: "TS",
    ch: "F",
    "^s(?=[pt])": "S",
    "ei|ai|ey|ay": "ai",
    "eu|äu": "ui",
    au: "au",
    ie: "i",
    "(?<=[aeiouäöü])h": "",
    "tz|z": "TS",
    pf: "TF",
    qu: "TF",
    ng: "N",
    "w|v": "F",
    er$: "@",
    "e(?=(?:[nlms]|st|t)?$)": "@",
    "[bdg]$": "T",
    "ck|c": "T",
    j: "L",
  },
  fr: {
    "eaux?|aux?": "u",
    "oin?": "La",
    "ou[sxt]?$|ou": "u",
    "œu|eu": "u",
    "(?:ain|ein|un|in|im|yn|(?<=[iéy])en$)(?![aeiouyéèêhnm])": "a",
    "[aeo][nm][tdsc]?s?$|[aeo][nm](?![aeiouyéèêhnm])": "a",
    "ai[st]?$|ai|ei": "i",
    ill: "iL",
    gn: "N",
    ch: "S",
    qu: "T",
    "gu(?=[eiéè])": "D",
    "g(?=[eiyéè])|j": "S",
    ç: "S",
    h: "",
    "(?:er|ez|et|(?<=^.)es)$": "i",
    "(?<=[aeiouyéèêœ].*)e(?:s|nt)?$": "",
    "(?<=^[bcdfgjklmnpqrstv])e$": "@",
    "(?<=.)[tdspxz]+$": "",
    "[wy](?=[aeiou])": "L",
  },
  es: {
    "ll|y(?=[aeiouáéíóú])": "L",
    ch: "TS",
    qu: "T",
    "gu(?=[eiéí])": "D",
    "j|g(?=[eiéí])": "F",
    h: "",
    "z|c(?=[eiéí])": "S",
    v: "D",
    "[iu](?=[aeoáéó])": "L",
  },
  it: {
    gli: "L",
    gn: "N",
    "sc(?=[eiéè])": "S",
    ch: "T",
    gh: "D",
    "cc?(?=[eiéèì])": "TS",
    "gg?(?=[eiéèì])": "DS",
    "zz?": "TS",
    h: "",
    "[iu](?=[aeo])": "L",
  },
  pt: {
    lh: "L",
    nh: "N",
    "ch|x|j|g(?=[eiéí])": "S",
    "ão|õe": "au",
    qu: "T",
    "gu(?=[eiéí])": "D",
    "^h": "",
    "rr|^r": "F",
  },
  pl: {
    "ść|szcz": "STS",
    "[srz]z|[sz]i(?=[aeouąęó])": "S",
    "[cd]z|d[żź]|ci(?=[aeouąęó])|c(?!h)": "TS",
    ch: "F",
    w: "F",
    "[ąę]": "uN",
    "i(?=[aeouąęó])": "L",
  },
  tr: { "c|ç": "TS", ğ: "", j: "S", y: "L", ı: "@" },
  cs: { ch: "F", c: "TS", ř: "S", w: "F" },
  sk: { ch: "F", c: "TS", w: "F" },
  hu: { sz: "S", "cs|c": "TS", "[nlgt]y": "L", y: "L" },
  fi: { y: "u" },
  nl: {
    sch: "SF",
    "ij|ei": "ai",
    "ui|ou": "au",
    "oe|eu|oo|uu": "u",
    aa: "a",
    "ee|ie": "i",
    "ch|g": "F",
    w: "F",
    "e(?=[nrl]?$)": "@",
  },
  sv: { "sk?j|stj|[tk]j|s?k(?=[eiyäö])": "S", å: "u", "g(?=[eiyäö])": "L" },
  vi: { nh: "N", "ngh?": "N", tr: "TS", "gi|d": "S", đ: "D", "[aeiouyăâêôơư]{2,3}": "ai" },
};

const rulesByLanguage = Object.fromEntries(
  Object.entries(perLanguage).map(([language, table]) => [language, [...compile(table), ...usual]]),
);
