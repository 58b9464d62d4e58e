/** Reads a number in figures as words of the language. */
import { type NumberReader, numberReaderOf } from "./number-readers.ts";

/** A longer number is read digit by digit, like a telephone number. */
const longestNumber = 15;

/**
 * The words of a number in any script's digits, or null for a language without a reader. `language` is the
 * primary subtag.
 */
export function readNumber(written: string, language: string): string[] | null {
  const read = numberReaderOf(language);
  if (!read) return null;
  const latin = toAsciiDigits(written);
  return latin
    .split(":")
    .flatMap((part) => readParts(part, language, read))
    .join(" ")
    .split(/[\s-]+/u)
    .filter(Boolean);
}

/**
 * Replaces the digits of every script by ASCII ones. In Unicode each script's decimal digits are a block of
 * ten that starts at zero.
 */
export function toAsciiDigits(written: string): string {
  return written.replace(/\p{Nd}/gu, (char) => {
    let value = 0;
    const code = char.codePointAt(0) ?? 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
    return String(value);
  });
}

function readParts(written: string, language: string, read: NumberReader): string[] {
  const { whole, decimals, others } = splitNumber(written, language);
  if (others) return others.map((digits) => readWhole(digits, language, read));
  if (decimals === "") return [readWhole(whole, language, read, written === whole)];
  if (joined.has(language) && !decimals.startsWith("0")) return [read(`${Number(whole)}.${decimals}`)];
  return [readWhole(whole, language, read), pointOf(read), ...[...decimals].map((digit) => read(digit))];
}

/** Languages that read 3,25 as "three comma twenty-five"; all others read the decimals digit by digit. */
const joined = new Set("fr it es pt ro ca pl cs sk ru uk bg hr sr hu lt lv el".split(" "));

interface SplitNumber {
  whole: string;
  decimals: string;
  /** The numbers of a date, a version or anything else that is no single number. */
  others?: string[];
}

function splitNumber(written: string, language: string): SplitNumber {
  const number = written.replace(/^[.,]+|[.,]+$/gu, "");
  const marks = [...number.replace(/\d/gu, "")];
  const last = marks.at(-1);
  if (last === undefined) return { whole: number, decimals: "" };
  if (isGrouped(number) && (marks.length > 1 || last !== decimalMarkOf(language)))
    return { whole: number.replace(/\D/gu, ""), decimals: "" };
  const at = number.lastIndexOf(last);
  const whole = number.slice(0, at);
  if (!whole.includes(last) && (marks.length === 1 || isGrouped(whole)))
    return { whole: whole.replace(/\D/gu, ""), decimals: number.slice(at + 1) };
  return { whole: "", decimals: "", others: number.split(/\D+/u) };
}

/** Groups of three with one mark, or as in India groups of two and a last one of three. */
const isGrouped = (number: string) =>
  /^(?:\d{1,3}([.,])\d{3}(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3})$/u.test(number);

const decimalMarks = new Map<string, string>();

function decimalMarkOf(language: string): string {
  let mark = decimalMarks.get(language);
  if (mark === undefined) {
    const parts = new Intl.NumberFormat(language).formatToParts(1.5);
    mark = parts.find(({ type }) => type === "decimal")?.value ?? ".";
    decimalMarks.set(language, mark);
  }
  return mark;
}

/** `isPlain`: written without a mark, so it may be a year. */
function readWhole(digits: string, language: string, read: NumberReader, isPlain = false): string {
  if (digits.length > longestNumber || /^0\d/u.test(digits))
    return [...digits].map((digit) => read(digit)).join(" ");
  if (isPlain && language === "en" && /^(?:1[1-9]|2[1-9])\d\d$/u.test(digits)) return readYear(digits, read);
  return read(digits);
}

/** For example "nineteen eighty-nine" or "nineteen hundred". */
function readYear(digits: string, read: NumberReader): string {
  const [century = "", year = ""] = [digits.slice(0, 2), digits.slice(2)];
  if (year === "00") return `${read(century)} hundred`;
  return `${read(century)} ${year.startsWith("0") ? "oh " : ""}${read(String(Number(year)))}`;
}

/** The word for the decimal mark, such as "point" or "Komma": what stands between the digits of 0.1. */
function pointOf(read: NumberReader): string {
  const rest = read("0.1").slice(read("0").length).trim();
  return rest.includes(" ") ? (rest.split(" ")[0] ?? "") : rest.slice(0, rest.length - read("1").length);
}
