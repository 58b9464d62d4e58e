/**
 * Holds a storyboard's cast to what is used, what is allowed, and what the owner's earlier films have shown.
 */
import type { CastMember } from "../../../contract/cast.ts";
import type { KnownMember } from "../../../contract/claim.ts";
import { limits } from "../../../contract/limits.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { isSameMember } from "./read-cast.ts";

/**
 * The storyboard whose cast are the members that most scenes show, at most `limits.cast`. A member that is
 * known gets the known description, whatever the text model wrote, so that its sheet is found.
 */
export function settleCast(storyboard: Storyboard, known: readonly KnownMember[]): Storyboard {
  const shown = (member: CastMember) =>
    storyboard.scenes.filter(({ cast }) => cast?.includes(member.id)).length;
  const cast = (storyboard.cast ?? [])
    .map((member) => ({ member, scenes: shown(member) }))
    .filter(({ scenes }) => scenes > 0)
    .toSorted((a, b) => b.scenes - a.scenes)
    .slice(0, limits.cast)
    .map(({ member }) => recognise(member, known));
  const ids = new Set(cast.map(({ id }) => id));
  const scenes = storyboard.scenes.map(({ cast: named = [], ...scene }) => {
    const kept = named.filter((id) => ids.has(id));
    return kept.length > 0 ? { ...scene, cast: kept } : scene;
  });
  return { ...storyboard, cast, scenes };
}

/** The storyboard without a cast. */
export const withoutCast = ({ cast, ...storyboard }: Storyboard): Storyboard => ({
  ...storyboard,
  scenes: storyboard.scenes.map(({ cast: _, ...scene }) => scene),
});

function recognise(member: CastMember, known: readonly KnownMember[]): CastMember {
  const same = known.find((one) => isSameMember(one, member));
  return same ? { ...member, name: same.name, description: same.description } : member;
}
