/** The words with which reference sheets are bought, and pictures from them. */
import type { CastKind, CastMember } from "../../../contract/cast.ts";
import type { VisualStyle } from "../../../contract/film.ts";
import { looks } from "../storyboard/picture-prompt.ts";

const views: Record<CastKind, string> = {
  person: "one person, the whole figure from the front beside the face from near",
  animal: "one animal, whole, from the side beside its head from near",
  place: "one place, empty, seen as a whole",
  object: "one object, whole",
};

/**
 * The prompt of a member's reference sheet. Its name is no part of it, so that the same sheet serves whatever a dream
 * calls the member.
 */
export function sheetPrompt({ kind, description }: CastMember, style: VisualStyle): string {
  const ground = kind === "place" ? "" : " Plain light background, even light.";
  return `Reference sheet of ${views[kind]}: ${description}${ground}\n\nStyle: ${looks[style]}. No text, no letters, no border.`;
}

/** What a picture's prompt says of its references, which are given in this order. */
export function referenceWords(members: readonly CastMember[]): string {
  const named = members.map(({ name }, index) => `reference picture ${index + 1} is ${name}`);
  return `\n\nReferences: ${named.join("; ")}. Each looks exactly as in its reference, in this scene's light and pose; the reference's background is not shown.`;
}
