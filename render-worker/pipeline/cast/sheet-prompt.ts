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

const fromPhoto =
  "are those in the given photo, whatever was said before; the photo's light and background are not shown.";
const photoWords: Record<CastKind, string> = {
  person: `Face, age, hair, skin and build ${fromPhoto}`,
  animal: `Shape, coat and colours ${fromPhoto}`,
  place: `Form, material and colours ${fromPhoto}`,
  object: `Form, material and colours ${fromPhoto}`,
};

/**
 * The prompt of a member's reference sheet. Its name is no part of it, so that the same sheet serves whatever
 * a dream calls the member.
 */
export function sheetPrompt(
  { kind, description, photo }: Pick<CastMember, "kind" | "description" | "photo">,
  style: VisualStyle,
): string {
  const shown =
    photo === undefined ? description : `${description.replace(/[.\s]*$/u, ".")} ${photoWords[kind]}`;
  const ground = kind === "place" ? "" : " Plain light background, even light.";
  return `Reference sheet of ${views[kind]}: ${shown}${ground}\n\nStyle: ${looks[style]}. No text, no letters, no border.`;
}

/** What a picture's prompt says of its references, which are given in this order. */
export function referenceWords(members: readonly CastMember[]): string {
  const named = members.map(({ name }, index) => `reference picture ${index + 1} is ${name}`);
  return `\n\nReferences: ${named.join("; ")}. Each looks exactly as in its reference, in this scene's light and pose; the reference's background is not shown.`;
}
