import { iso6392 } from "iso-639-2";

/**
 * The three letters by which an MP4 names a track's language (ISO 639-2/T, or ISO 639-3 where it has no code) of a
 * BCP 47 tag; "und" for what is no tag.
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

/** The tag's language, by its present code: "iw" is "he". */
function readPrimary(tag: string): string | undefined {
  try {
    return new Intl.Locale(tag).language;
  } catch {
    return undefined;
  }
}
