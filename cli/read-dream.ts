/**
 * The dream's text, from a file or from the command line. Refuses input that would make the film of something
 * else: a path without a file, an unknown encoding, a document that is not plain text, or text without a
 * visible character.
 */
import { readFileSync, statSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { TextDecoder } from "node:util";
import { UsageError } from "../command-line/describe-error.ts";
import { hasVisibleText } from "../contract/visible-text.ts";

/**
 * The text of the file that `argument` names, else the argument itself.
 *
 * @param encoding how the file is written, by a WHATWG label such as `windows-1252`; null: UTF-8, or UTF-16
 * if a byte order mark or the places of its zero bytes show it
 * @throws Error that says what to do instead
 */
export function readDream(argument: string, encoding: string | null): string {
  if (isFile(argument)) return readDreamFile(argument, encoding);
  if (isFolder(argument)) throw folderError(argument);
  if (looksLikePath(argument))
    throw new Error(`There is no file ${argument}. If this text is the dream itself, pass it with --text.`);
  return requireVisible(argument, "The text");
}

/**
 * The file's text, decoded.
 * @throws Error that says what to do instead
 */
export function readDreamFile(path: string, encoding: string | null): string {
  if (isFolder(path)) throw folderError(path);
  if (!isFile(path)) throw new Error(`There is no file ${path}.`);
  return decodeDream(readFileSync(path), path, encoding);
}

function decodeDream(bytes: Buffer, path: string, encoding: string | null): string {
  const start = bytes.subarray(0, 5).toString("latin1");
  if (start === "%PDF-" || start.startsWith("{\\rtf") || start.startsWith("PK\x03\x04"))
    throw new Error(`${path} is a document with its own format. Save it as plain text (UTF-8) first.`);
  return requireVisible(decode(bytes, path, encoding), path);
}

/**
 * The dream of a command line: the text of --text, else what the argument names.
 * @throws UsageError when there is none, or two
 * @throws Error that says what to do instead
 */
export async function readTranscript(
  argument: string | undefined,
  { text, encoding }: { text?: string | undefined; encoding?: string | undefined },
): Promise<string> {
  if (text !== undefined && argument !== undefined)
    throw new UsageError(`There are two dreams: --text and ${argument}. Give one.`);
  if (text !== undefined) return requireVisible(text, "The text of --text");
  if (argument === undefined) throw new UsageError("There is no dream. Give a file, -, or --text.");
  return argument === "-" ? readStandardInput(encoding ?? null) : readDream(argument, encoding ?? null);
}

/**
 * The text that comes in on the standard input, to its end.
 * @throws Error that says what to do instead
 */
export const readStandardInput = async (encoding: string | null): Promise<string> =>
  decodeDream(await buffer(process.stdin), "The standard input", encoding);

/**
 * Returns `text`; the error calls it `name`.
 * @throws Error when it has no visible character
 */
export function requireVisible(text: string, name: string): string {
  if (hasVisibleText(text)) return text;
  throw new Error(`${name} has no visible character, so there is no dream.`);
}

function decode(bytes: Buffer, path: string, encoding: string | null): string {
  const assumed = encoding ?? encodingByMark(bytes) ?? encodingByZeros(bytes) ?? "utf-8";
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(assumed, { fatal: true });
  } catch {
    throw new Error(`--encoding ${assumed}: there is no such encoding. For example: utf-16le, windows-1252.`);
  }
  try {
    const text = decoder.decode(bytes);
    // UTF-16 that is read as UTF-8 is often valid, with control characters between the letters.
    if (!controls.test(text)) return text;
  } catch {
    // The error below covers both cases.
  }
  throw new Error(
    `${path} is not ${assumed} text. Save it as UTF-8, or name its encoding: ` +
      "--encoding windows-1252 (Western Europe), utf-16le (Windows), shift_jis, gb18030, koi8-r …",
  );
}

function encodingByMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

/**
 * UTF-16 without a byte order mark, if the text has Latin letters or spaces: their high bytes are zero. The
 * high bytes of a text are of few scripts, so they differ less than the low bytes.
 */
function encodingByZeros(bytes: Buffer): string | null {
  if (bytes.length % 2 === 1) return null;
  const even = new Set(bytes.filter((_, at) => at % 2 === 0));
  const odd = new Set(bytes.filter((_, at) => at % 2 === 1));
  if (odd.has(0) && !even.has(0) && odd.size < even.size) return "utf-16le";
  if (even.has(0) && !odd.has(0) && even.size < odd.size) return "utf-16be";
  return null;
}

/** Control characters that no text has. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

const folderError = (path: string) => new Error(`${path} is a folder. Give one file in it.`);

const textExtension = /\.(txt|text|md|markdown|rst|rtf|docx?|odt|pdf|html?|json|csv|log)$/i;

/**
 * One ASCII word, the start of a path, or a text file's extension. A dream has more words, or a script
 * without spaces.
 */
const looksLikePath = (argument: string): boolean =>
  /^[\x21-\x7e]+$/.test(argument) ||
  /^(~|\.{1,2})?[/\\]|^[A-Za-z]:[/\\]/.test(argument) ||
  textExtension.test(argument.trim());
