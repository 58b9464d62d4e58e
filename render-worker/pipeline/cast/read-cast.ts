/** Reads the cast of the text model's answer. What is odd is repaired or left out: it never fails a film. */
import { z } from "zod";
import { CastKind, type CastMember } from "../../../contract/cast.ts";
import { limits } from "../../../contract/limits.ts";

const Written = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  kind: CastKind.catch("object"),
  name: z.string().catch(""),
  description: z.string(),
});

const oneLine = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\s\0]+/gu, " ")
    .trim();

const cut = (text: string, most: number) => [...oneLine(text)].slice(0, most).join("").trim();

/**
 * The members of a cast as a text model wrote it: each with an id of its own and a description. Members
 * without a description, and those that repeat an id or a name of the same kind, are left out.
 */
export function readMembers(written: unknown): CastMember[] {
  const members: CastMember[] = [];
  for (const one of Array.isArray(written) ? written : []) {
    const parsed = Written.safeParse(one);
    if (!parsed.success) continue;
    const member = {
      id: cut(parsed.data.id, limits.castNameChars),
      kind: parsed.data.kind,
      name: cut(parsed.data.name || parsed.data.id, limits.castNameChars),
      description: cut(parsed.data.description, limits.castDescriptionChars),
    };
    const isRepeated = members.some(({ id, ...other }) => id === member.id || isSameMember(other, member));
    if (member.id !== "" && /[\p{L}\p{N}]/u.test(member.description) && !isRepeated) members.push(member);
  }
  return members;
}

/** Whether the two mean the same: the same kind, and the same name whatever its case. */
export const isSameMember = (
  one: Pick<CastMember, "kind" | "name">,
  other: Pick<CastMember, "kind" | "name">,
): boolean => one.kind === other.kind && one.name.toLowerCase() === other.name.toLowerCase();

/** The ids of known members that a scene's cast names, each once, at most `limits.sceneCast`. */
export function readSceneCast(written: unknown, members: readonly CastMember[]): string[] {
  const named = (Array.isArray(written) ? written : []).map((id) => cut(String(id), limits.castNameChars));
  const known = named.filter((id) => members.some((member) => member.id === id));
  return [...new Set(known)].slice(0, limits.sceneCast);
}
