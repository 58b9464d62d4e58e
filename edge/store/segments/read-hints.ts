import { sql } from "drizzle-orm";
import { limits } from "../../../contract/limits.ts";
import { ownerOf } from "../keys.ts";
import type { Session } from "../open.ts";

const newest = 20;
const charsOfEach = 4_000;

/**
 * The beginnings of the owner's newest texts, written and told, and the languages heard in the newest
 * segments.
 */
export async function readHints(
  session: Session,
  keyHash: string,
): Promise<{ texts: string[]; languages: string[] }> {
  const owner = ownerOf(keyHash);
  const { written, told } = await session.batch({
    written: sql<{ text: string }>`
      SELECT substr(transcript, 1, ${charsOfEach}) AS text FROM dreams WHERE owner_id = ${owner}
      ORDER BY created_at DESC, id DESC LIMIT ${newest}`,
    told: sql<{ text: string | null; language: string | null }>`
      SELECT substr(transcript, 1, ${charsOfEach}) AS text, language FROM segments WHERE owner_id = ${owner}
      ORDER BY updated_at DESC LIMIT ${newest}`,
  });
  const heard = told.flatMap(({ language }) => language ?? []);
  return {
    texts: [...written, ...told].flatMap(({ text }) => text ?? []),
    languages: [...new Set(heard)].slice(0, limits.languageHints),
  };
}
