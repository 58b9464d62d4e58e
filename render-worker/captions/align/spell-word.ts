import { approximateNumber } from "./approximate-number.ts";
import { readNumber, toAsciiDigits } from "./read-number.ts";
import { spellLatin } from "./spell-latin.ts";
import { spellScript } from "./spell-script.ts";

/**
 * The sounds of one word, one letter each (see `Kind`), about as a voice of that language speaks it. Digits
 * and common abbreviations are read out. Empty for what is not spoken: punctuation, emoji.
 */
export function spellWord(text: string, language: string): string {
  const primary = language.toLowerCase().split("-")[0] ?? "";
  const lower = text.normalize("NFC").toLowerCase().replaceAll("’", "'");
  const abbreviation = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  const known = readings.get(primary)?.get(abbreviation);
  if (known !== undefined) return known;
  const pieces =
    lower
      .replace(/(?<=\p{Nd})\u00a0(?=\p{Nd})/gu, "")
      .match(/\p{Nd}[\p{Nd}.,:]{0,30}\p{Nd}|\p{Nd}|[\p{L}\p{M}']{1,60}|[%&@#+=€$£°]/gu) ?? [];
  return pieces.map((piece) => spellPiece(piece, primary, isInitials(text))).join("");
}

function spellPiece(piece: string, language: string, isRead: boolean): string {
  if (/\p{Nd}/u.test(piece)) return spellNumber(piece, language);
  if (/[%&@#+=€$£°]/.test(piece)) return "TLuNT";
  if (isRead) return nameLetters(piece);
  if (!/\p{Script=Latin}/u.test(piece)) return spellScript(piece, language);
  const sounds = spellLatin(piece, language);
  // Without a vowel it is either a single letter that joins its neighbour ("d'une", "в"), or read letter by
  // letter ("tv").
  return sounds.length <= 1 || /[aiu@L]/.test(sounds) ? sounds : nameLetters(piece);
}

function spellNumber(written: string, language: string): string {
  const words = readNumber(written, language);
  if (words === null) return approximateNumber(toAsciiDigits(written));
  return words
    .map((word) => word.normalize("NFC").toLowerCase())
    .map((word) => readings.get(language)?.get(word) ?? spellPiece(word, language, false))
    .join("");
}

/** BBC, U.S.A.: capitals that do not look like a word. */
const isInitials = (text: string) =>
  /^\P{L}*(\p{Lu}\.){2,}\P{L}*$/u.test(text) || /^\P{L}*[BCDFGHJKLMNPQRSTVWXZ]{2,5}\P{L}*$/u.test(text);

const pairs = (list: string) => new Map(list.split(" ").map((pair) => pair.split(":") as [string, string]));

const letterNames = pairs(
  "a:ai b:Di c:Si d:Di e:i f:iF g:DSi h:aiTS i:ai j:DSai k:Tai l:iL m:iN n:iN o:u p:Ti q:TLu r:aL s:iS t:Ti u:Lu v:Fi w:D@DLLu x:iTS y:Lai z:Si",
);
const nameLetters = (piece: string) => [...piece].map((letter) => letterNames.get(letter) ?? "i").join("");

const englishNumbers =
  "zero:SiLu one:LaN two:Tu three:FLi four:FuL five:FaiF six:SiTS seven:SiF@N eight:aiT nine:NaiN ten:TiN eleven:iL@F@N twelve:TLiLF thirteen:F@LTiN fourteen:FuLTiN fifteen:FiFTiN sixteen:SiTSTiN seventeen:SiF@NTiN eighteen:aiTiN nineteen:NaiNTiN twenty:TLiNTi thirty:F@LTi forty:FuLTi fifty:FiFTi sixty:SiTSTi seventy:SiF@NTi eighty:aiTi ninety:NaiNTi hundred:FaNDL@D thousand:FauS@ND million:NiLL@N billion:DiLL@N point:TuiNT";

/** Words that are not spoken as they are written, by language. */
const readings = new Map(
  Object.entries({
    en: pairs(
      `${englishNumbers} dr:DaTT@L mr:NiST@L mrs:NiSiS ms:NiS st:SaiNT e.g:FuLiDSaNTL i.e:DaTiS etc:iTSiTL@ vs:F@LS@S once:LaNS eye:ai eyes:aiS oh:u people:TiT@L hour:au@ hours:au@S`,
    ),
    de: pairs("z.b:TSuNDaiSTiL d.h:DaSaiST usw:uNTSuFaiT@ bzw:D@TSiuNSFaiS@ ca:TSiLTa"),
    fr: pairs("m:N@Siu mme:NaDaN etc:iTSiTiLa"),
    es: pairs("sr:SiNiuL sra:SiNiuLa etc:iTSiTiLa"),
  }),
);
