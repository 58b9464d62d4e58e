import type { KnownCastMember } from "../../../contract/cast.ts";

/** What later films paint the member from. */
export function describeSource({ photo_added_at, has_sheet }: KnownCastMember): string {
  if (photo_added_at !== null) {
    const day = new Date(photo_added_at).toLocaleDateString("en", { day: "numeric", month: "short" });
    return has_sheet
      ? `Painted from the photo of ${day}.`
      : `Not painted yet. The next film paints it from the photo of ${day}.`;
  }
  return has_sheet
    ? "Painted from these words."
    : "Not painted yet. The next film paints it from these words.";
}

/** Persons first, because they have photos; else in the order of the list. */
export const personsFirst = (cast: readonly KnownCastMember[]): KnownCastMember[] =>
  cast.toSorted((a, b) => Number(b.kind === "person") - Number(a.kind === "person"));
