/**
 * The sounds of a number read out: exact in English up to the millions, about right in length elsewhere, where a
 * digit is taken for one and a half syllables and every place above the units for a short word.
 */
export function sayNumber(written: string, language: string): string {
  const latin = [...written].map((char) => toAsciiDigit(char)).join("");
  const parts = latin.split(/[.,:](?!\d{3}(?:\D|$))/);
  return parts
    .map((part) => part.replace(/\D/g, ""))
    .map((digits) => (language === "en" ? sayEnglish(digits) : sayRoughly(digits)))
    .join("TaiNT");
}

/** Every decimal digit of Unicode lies in a block of ten that starts at its zero. */
function toAsciiDigit(char: string): string {
  if (!/\p{Nd}/u.test(char)) return char;
  let value = 0;
  for (
    let code = char.codePointAt(0) ?? 0;
    value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1));
  ) {
    value++;
  }
  return String(value % 10);
}

const ones =
  "SiLu LaN Tu FLi FuL FaiF SiTS SiF@N aiT NaiN TiN iL@F@N TLiLF F@LTiN FuLTiN FiFTiN SiTSTiN SiF@NTiN aiTiN NaiNTiN".split(
    " ",
  );
const tens = "  TLiNTi F@LTi FuLTi FiFTi SiTSTi SiF@NTi aiTi NaiNTi".split(" ");

function sayEnglish(digits: string): string {
  const value = Number(digits);
  const isYear = digits.length === 4 && value >= 1100 && value < 2100 && Math.floor(value / 100) !== 20;
  if (isYear) return sayBelow1000(Math.floor(value / 100)) + (sayBelow1000(value % 100) || "FaNDL@D");
  if (digits.length > 9) return [...digits].map((digit) => ones[Number(digit)]).join("");
  if (value === 0) return ones[0] ?? "";
  const millions = Math.floor(value / 1e6);
  const thousands = Math.floor(value / 1000) % 1000;
  return (
    (millions ? `${sayBelow1000(millions)}NiLL@N` : "") +
    (thousands ? `${sayBelow1000(thousands)}FauS@ND` : "") +
    sayBelow1000(value % 1000)
  );
}

function sayBelow1000(value: number): string {
  if (value >= 100) return `${ones[Math.floor(value / 100)]}FaNDL@D${sayBelow1000(value % 100)}`;
  if (value >= 20) return `${tens[Math.floor(value / 10)]}${value % 10 ? ones[value % 10] : ""}`;
  return value === 0 ? "" : (ones[value] ?? "");
}

function sayRoughly(digits: string): string {
  const spoken = [...digits.replace(/^(.)0+$/, "$1")];
  return (
    spoken.map((digit, i) => (digit === "0" ? "" : `SaiN${i < spoken.length - 1 ? "Ta" : ""}`)).join("") ||
    "NuL"
  );
}
