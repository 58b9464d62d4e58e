/**
 * About as many sounds as the number has in any language, for a language without a reader: a digit counts as
 * one and a half syllables, every place above the units as a short word.
 */
export function approximateNumber(asciiDigits: string): string {
  return asciiDigits
    .split(/[.,:](?!\d{3}(?:\D|$))/u)
    .map((part) => sayDigits(part.replace(/\D/gu, "")))
    .join("TaiNT");
}

function sayDigits(digits: string): string {
  const spoken = [...digits.replace(/^(.)0+$/u, "$1")];
  return (
    spoken.map((digit, i) => (digit === "0" ? "" : `SaiN${i < spoken.length - 1 ? "Ta" : ""}`)).join("") ||
    "NuL"
  );
}
