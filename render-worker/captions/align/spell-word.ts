import { sayNumber } from "./say-number.ts";
import { spellLatin } from "./spell-latin.ts";
import { spellScript } from "./spell-scripts.ts";

/**
 * The sounds of one word as written, one letter a sound (see `Sound`), about as a voice of that language says them.
 * Digits and common abbreviations are read out. Empty for a word that nobody says: punctuation, emoji.
 */
export function spellWord(text: string, language: string): string {
  const primary = language.toLowerCase().split("-")[0] ?? "";
  const lower = text.normalize("NFC").toLowerCase().replaceAll("’", "'");
  const spokenOut = abbreviations[primary]?.[lower.replace(/[^\p{L}.&%]/gu, "").replace(/\.$/, "")];
  if (spokenOut !== undefined) return spokenOut;
  const pieces = lower.match(/\p{Nd}[\p{Nd}.,:]*\p{Nd}|\p{Nd}|[\p{L}\p{M}']+|[%&+=€$£°]/gu) ?? [];
  return pieces.map((piece) => spellPiece(piece, primary, text)).join("");
}

function spellPiece(piece: string, language: string, text: string): string {
  if (/\p{Nd}/u.test(piece)) return sayNumber(piece, language);
  if (/[%&+=€$£°]/.test(piece)) return "TLuNT";
  if (isInitials(text)) return [...piece].map((letter) => letterNames[letter] ?? "i").join("");
  if (/\p{Script=Latin}/u.test(piece)) {
    const sounds = spellLatin(piece.replaceAll("'", language === "en" ? "'" : ""), language);
    return isSpeakable(sounds) ? sounds : [...piece].map((letter) => letterNames[letter] ?? "").join("");
  }
  return spellScript(piece, language);
}

/** A word without any vowel is read out letter by letter, or is a single consonant that leans on its neighbour. */
const isSpeakable = (sounds: string) => sounds.length <= 1 || /[aiu@L]/.test(sounds);

/** BBC, U.S.A.: capitals without a word's shape. */
const isInitials = (text: string) =>
  /^\P{L}*(\p{Lu}\.){2,}\P{L}*$/u.test(text) || /^[^\p{L}]*[BCDFGHJKLMNPQRSTVWXZ]{2,5}[^\p{L}]*$/u.test(text);

const letterNames: Record<string, string> = Object.fromEntries(
  "a:ai b:Di c:Si d:Di e:i f:iF g:DSi h:aiTS i:ai j:DSai k:Tai l:iL m:iN n:iN o:u p:Ti q:TLu r:aL s:iS t:Ti u:Lu v:Fi w:D@DLLu x:iTS y:Lai z:Si"
    .split(" ")
    .map((entry) => entry.split(":") as [string, string]),
);

const abbreviations: Record<string, Record<string, string>> = {
  en: {
    dr: "DaTT@L",
    mr: "NiST@L",
    mrs: "NiSiS",
    ms: "NiS",
    st: "SaiNT",
    "e.g": "FuLiDSaNTL",
    "i.e": "DaTiS",
    etc: "iTSiTL@",
    vs: "F@LS@S",
    one: "LaN",
    eye: "ai",
    eyes: "aiS",
    oh: "u",
    people: "TiT@L",
    once: "LaNS",
    hour: "au@",
    hours: "au@S",
  },
  de: { "z.b": "TSuNDaiSTiL", "d.h": "DaSaiST", usw: "uNTSuFaiT@", bzw: "D@TSiuNSFaiS@", ca: "TSiLTa" },
  fr: { "m": "N@Siu", mme: "NaDaN", etc: "iTSiTiLa" },
  es: { sr: "SiNiuL", sra: "SiNiuLa", etc: "iTSiTiLa" },
};
