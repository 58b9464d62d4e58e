/**
 * The dream's text, from a file or from the command line itself. Refuses what would make a film of something else: a
 * path that names no file, a file in an unknown encoding, a document that is no plain text, nothing visible.
 */
import { readFileSync, statSync } from "node:fs";
import { TextDecoder } from "node:util";
import { hasVisibleText } from "../contract/visible-text.ts";

/**
 * What `argument` names or says: the text of the file where there is one, else the argument itself.
 *
 * @param encoding how the file is written, by a WHATWG label such as `windows-1252`; null: UTF-8, or UTF-16 with its
 *   byte order mark
 * @throws Error which says what to do instead
 */
export function readDream(argument: string, encoding: string | null): string {
  if (isFile(argument)) return readDreamFile(argument, encoding);
  if (looksLikePath(argument))
    throw new Error(
      `There is no file ${argument}. If these words are the dream itself, give them to --text.`,
    );
  return requireVisible(argument, "The text");
}

/** The file's text, decoded. @throws Error which says what to do instead */
export function readDreamFile(path: string, encoding: string | null): string {
  if (!isFile(path)) throw new Error(`There is no file ${path}.`);
  const bytes = readFileSync(path);
  const start = bytes.subarray(0, 5).toString("latin1");
  if (start === "%PDF-" || start.startsWith("{\\rtf") || start.startsWith("PK\x03\x04"))
    throw new Error(`${path} is a document with its own format. Save it as plain text (UTF-8) first.`);
  return requireVisible(decode(bytes, path, encoding), path);
}

/** @throws Error where `text` shows nothing. `name` is what the error calls it. */
export function requireVisible(text: string, name: string): string {
  if (hasVisibleText(text)) return text;
  throw new Error(`${name} holds no visible character: there is no dream to film.`);
}

function decode(bytes: Buffer, path: string, encoding: string | null): string {
  const assumed = encoding ?? encodingByMark(bytes) ?? "utf-8";
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(assumed, { fatal: true });
  } catch {
    throw new Error(`--encoding ${assumed}: there is no such encoding. For example: utf-16le, windows-1252.`);
  }
  try {
    const text = decoder.decode(bytes);
    // UTF-16 without its mark is valid UTF-8 where all of it is Latin: every second byte is NUL.
    if (!text.includes("\0")) return text;
  } catch {
    // Said below.
  }
  throw new Error(
    `${path} is not ${assumed} text. Save it as UTF-8, or say how it is written: ` +
      "--encoding windows-1252 (Western Europe), utf-16le (Windows), shift_jis, gb18030, koi8-r …",
  );
}

function encodingByMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return null;
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const textExtension = /\.(txt|text|md|markdown|rst|rtf|docx?|odt|pdf|html?|json|csv|log)$/i;

/** One ASCII word, a path's start, or a text file's ending. A dream has more words, or is of a script without spaces. */
const looksLikePath = (argument: string): boolean =>
  /^[\x21-\x7e]+$/.test(argument) ||
  /^(~|\.{1,2})?[/\\]|^[A-Za-z]:[/\\]/.test(argument) ||
  textExtension.test(argument.trim());
