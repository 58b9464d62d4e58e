import { iso6392 } from "iso-639-2";

/**
 * The three-letter language code of an MP4 track (ISO 639-2/T, or ISO 639-3 if that has none) for a BCP 47
 * tag; "und" for an invalid tag.
 *
 * @source ISO/IEC 14496-12, 8.4.2
 */
export function toMp4Language(tag: string): string {
  const primary = readPrimary(tag);
  if (!primary) return "und";
  if (primary.length === 3) return primary;
  const language = iso6392.find(({ iso6391 }) => iso6391 === primary);
  return language?.iso6392T ?? language?.iso6392B ?? "und";
}

/** The tag's language in its current code: "iw" gives "he". */
function readPrimary(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return undefined;
  }
}
