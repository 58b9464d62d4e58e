/** One member of the cast, with its sheet and what can be done about it. */
import type { KnownCastMember } from "../../../contract/cast.ts";
import { element } from "../../shared/element.ts";
import { readSheet } from "../api/cast.ts";
import { describeSource } from "./describe-member.ts";

export interface MemberActions {
  addPhoto(member: KnownCastMember, photo: File): void;
  removePhoto(member: KnownCastMember): void;
  remove(member: KnownCastMember): void;
}

/** The types of pictures that a photo may have. */
const photoTypes = "image/jpeg,image/png,image/webp";

/**
 * The member's card. The sheet's picture is loaded once the card is near the view, unless `signal` aborts
 * before.
 */
export function memberCard(
  member: KnownCastMember,
  actions: MemberActions,
  signal: AbortSignal,
): HTMLLIElement {
  const { id, name, kind, description, photo_added_at } = member;
  const hasPhoto = photo_added_at !== null;
  const file = element("input", {
    type: "file",
    accept: photoTypes,
    class: "hidden",
    tabindex: -1,
    "aria-hidden": "true",
  });
  file.addEventListener("change", () => {
    const [photo] = file.files ?? [];
    if (photo !== undefined) actions.addPhoto(member, photo);
  });
  const button = (part: string, text: string, act: () => void) => {
    const made = element(
      "button",
      { type: "button", class: "quiet", "data-part": part, "aria-label": `${text}: ${name}` },
      text,
    );
    made.addEventListener("click", act);
    return made;
  };
  return element(
    "li",
    { class: "member", "data-id": id },
    sheetOf(member, signal),
    element(
      "div",
      { class: "member-words" },
      element(
        "h3",
        {},
        element("span", { dir: "auto" }, name),
        kind === "person" ? null : element("small", {}, kinds[kind]),
      ),
      element("p", { dir: "auto" }, description),
      element("p", { class: "hint" }, describeSource(member)),
    ),
    element(
      "div",
      { class: "member-tools" },
      file,
      button("photo", hasPhoto ? "Replace the photo" : "Add a photo", () => file.click()),
      hasPhoto ? button("remove-photo", "Remove the photo", () => actions.removePhoto(member)) : null,
      button("remove", "Delete", () => actions.remove(member)),
    ),
  );
}

const kinds = { person: "", animal: "animal", place: "place", object: "thing" } as const;

/** The sheet's picture; an empty frame while there is none. */
function sheetOf({ id, has_sheet }: KnownCastMember, signal: AbortSignal): HTMLElement {
  const frame = element("div", { class: "member-sheet" });
  if (!has_sheet) return frame;
  const show = async () => {
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      if (!signal.aborted) frame.append(element("img", { src: String(reader.result), alt: "" }));
    });
    // The page's policy allows pictures of this address and in data URLs.
    reader.readAsDataURL(await readSheet(id, signal));
  };
  // A sheet has a megabyte or two, and a list up to 80 of them.
  const nearView = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      nearView.disconnect();
      // A sheet that was deleted is bought again with the next film.
      void show().catch(() => {});
    },
    { rootMargin: "200px" },
  );
  nearView.observe(frame);
  signal.addEventListener("abort", () => nearView.disconnect());
  return frame;
}
