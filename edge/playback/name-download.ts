/** Names a downloaded file after its dream. */
import { hasVisibleText } from "../../contract/visible-text.ts";

/** Bytes of a file's name on common file systems are limited to 255; the extension and a count need some. */
const mostBytes = 180;

/**
 * Characters that a file system, a shell or a header treats specially, and marks that turn the direction of
 * the text after them.
 */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|%]+/gu;

/**
 * The Content-Disposition of a download: `filename` in ASCII, and the whole title in `filename*`. The file's
 * own name is kept if the title has no usable character.
 *
 * @source RFC 6266 with RFC 8187, which replaces RFC 5987
 */
export function nameDownload(title: string | null, file: string): string {
  const own = file.split("/").at(-1) ?? "film";
  const extension = own.slice(own.lastIndexOf("."));
  const stem = cut((title ?? "").replace(unsafe, " ").replace(/\s+/gu, " ").trim());
  const base = stem.replace(/^[.\s]+|[.\s]+$/gu, "");
  if (!hasVisibleText(base)) return `attachment; filename="${own}"`;
  const kind = /^film\./.test(own) ? "" : ` ${own.slice(0, -extension.length)}`;
  const name = `${base}${kind}${extension}`;
  const ascii = name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^ -~]+/gu, "_");
  const isTelling = /[A-Za-z0-9]/.test(ascii.slice(0, -extension.length));
  return `attachment; filename="${isTelling ? ascii : own}"; filename*=UTF-8''${encode(name)}`;
}

/** Whole characters of at most `mostBytes` in UTF-8. */
function cut(text: string): string {
  let bytes = 0;
  let kept = "";
  for (const char of text) {
    bytes += new TextEncoder().encode(char).length;
    if (bytes > mostBytes) break;
    kept += char;
  }
  return kept;
}

/** Percent-encoding of everything that RFC 8187's attr-char does not have. */
const encode = (text: string) =>
  encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
