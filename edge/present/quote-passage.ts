import { Passage } from "../../contract/moderation.ts";

/**
 * The text of a passage of a transcript, for the dream's owner; null if there is none, or if the transcript
 * has changed since.
 *
 * @param stored JSON of `Passage`
 */
export async function quotePassage(
  stored: string | null,
  transcript: string | null,
): Promise<{ text: string } | null> {
  if (stored === null || transcript === null) return null;
  const { data } = Passage.safeParse(JSON.parse(stored));
  const text = data && transcript.slice(data.start, data.end);
  return text !== undefined && (await hashOf(text)) === data?.sha256 ? { text } : null;
}

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
