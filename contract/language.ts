/**
 * Reads the language of a narration from what people and models write: a BCP 47 tag in any spelling, or the
 * language's name in English or in itself.
 */

/**
 * The language as a canonical tag of language, script and region (`zh-TW` for "zh_tw", `de` for "German",
 * "Deutsch" and "deu"), or null if the text names none. A region's code that is not a language's (`jp`) means
 * the region's language.
 */
export function readLanguage(written: string): string | null {
  const text = written.normalize("NFC").trim().slice(0, 100);
  const [first = "", ...others] = text.split(/[(),/;:|]/u);
  return (
    readTag(text.replace(/[.@].*$/su, "")) ??
    readName(text) ??
    readTag(first.trim()) ??
    firstOf([first, ...others].map(readName))
  );
}

const firstOf = (found: readonly (string | null)[]) => found.find((tag) => tag !== null) ?? null;

const english = once(() => new Intl.DisplayNames("en", { type: "language", fallback: "none" }));
const isNoLanguage = new Set(["und", "mul", "mis", "zxx", "root"]);

function readTag(text: string): string | null {
  if (!/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,5}$/u.test(text)) return null;
  try {
    const { language, script, region } = new Intl.Locale(text.replaceAll("_", "-"));
    if (isNoLanguage.has(language)) return null;
    const known = english().of(language) === undefined ? languageOfRegion(language) : language;
    return [known, script, region].filter(Boolean).join("-");
  } catch {
    // "en-ab1": the language counts even if the rest is not valid.
    const [language = ""] = text.split(/[-_]/u);
    return language === text ? null : readTag(language);
  }
}

/**
 * Models write "jp" and "cn", which are countries. A code that is neither language nor region stays
 * unchanged.
 */
function languageOfRegion(code: string): string {
  if (code.length !== 2) return code;
  const { language } = new Intl.Locale(`und-${code}`).maximize();
  return language === "en" || language === "und" ? code : language;
}

function readName(text: string): string | null {
  const name = fold(text);
  return name === "" ? null : (names().get(name) ?? null);
}

/** Tags that are added to all languages with a code of two letters. */
const moreTags =
  "fil yue ceb haw ckb kok ast hmn sat mni mai bho chr nso zgh " +
  "pt-BR pt-PT zh-Hans zh-Hant es-419 es-MX es-ES en-US en-GB en-AU en-CA fr-CA fr-CH de-AT de-CH nl-BE sr-Latn sr-Cyrl";
/** Names in wide use that CLDR does not have. */
const moreNames = {
  mandarin: "zh",
  "mandarin chinese": "zh",
  "simplified mandarin": "zh-Hans",
  "traditional mandarin": "zh-Hant",
  farsi: "fa",
  castilian: "es",
  castellano: "es",
  tagalog: "fil",
  brazilian: "pt-BR",
  "modern greek": "el",
  "bahasa indonesia": "id",
  "bahasa melayu": "ms",
  norsk: "no",
};

const names = once(() => {
  const found = new Map<string, string>();
  for (const tag of [...twoLetterTags(), ...moreTags.split(" ")])
    for (const speaker of ["en", tag])
      for (const languageDisplay of ["dialect", "standard"] as const) {
        const options = { type: "language", fallback: "none", languageDisplay } as const;
        const name = new Intl.DisplayNames(speaker, options).of(tag);
        // If this runtime has no names in a language, it gives them in its own default language.
        if (name !== undefined && !found.has(fold(name))) found.set(fold(name), canonical(tag));
      }
  for (const [name, tag] of Object.entries(moreNames)) found.set(name, tag);
  return found;
});

const canonical = (tag: string) => Intl.getCanonicalLocales(tag)[0] as string;

function twoLetterTags(): string[] {
  const letters = [..."abcdefghijklmnopqrstuvwxyz"];
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  return pairs.filter((tag) => english().of(tag) !== undefined);
}

/**
 * "Português (Brasil)" and "portugues brasil" are one name: case, marks on Latin letters and punctuation do
 * not count.
 */
function fold(name: string): string {
  const plain = name.normalize("NFD").replace(/(?<=\p{Script=Latin})\p{M}+/gu, "");
  return plain
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
