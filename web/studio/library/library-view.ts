/** The list of earlier dreams, newest first. */
import type { Dream } from "../../../contract/dream.ts";
import { confirmed } from "../../shared/confirm.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { deleteDream, listDreams, readTranscript } from "../api/api.ts";
import { nameDream } from "../compose/name-dream.ts";
import { forgetShape, recallShape } from "../compose/remember-choices.ts";
import { showNotice } from "../notice.ts";
import { watchAddress } from "../route.ts";
import { toldDreamId } from "../tell/tell-view.ts";
import { inUnits } from "../watch/describe-progress.ts";
import { shapeOf } from "../watch/stage.ts";

const section = byId("library", HTMLElement);
const shelf = byId("shelf", HTMLUListElement);
const more = byId("more", HTMLButtonElement);
let nextCursor: string | null = null;

/** Connects the button. Called once. */
export function setUpLibrary(): void {
  more.addEventListener("click", () => void addPage());
}

/** Shows the newest dreams. The old list stays until they are loaded. */
export async function showLibrary(signal: AbortSignal): Promise<void> {
  try {
    const [page, told] = await Promise.all([listDreams(null, signal), toldDreamId()]);
    nextCursor = page.next_cursor;
    shelf.replaceChildren(...page.data.filter(({ id }) => id !== told).map(createItem));
    more.hidden = nextCursor === null;
    section.hidden = shelf.childElementCount === 0 && nextCursor === null;
  } catch (error) {
    if (!signal.aborted) showNotice(error);
  }
}

async function addPage(): Promise<void> {
  more.disabled = true;
  try {
    const page = await listDreams(nextCursor);
    nextCursor = page.next_cursor;
    const added = page.data.map(createItem);
    shelf.append(...added);
    added[0]?.querySelector("a")?.focus();
    more.hidden = nextCursor === null;
  } catch (error) {
    showNotice(error);
  } finally {
    more.disabled = false;
  }
}

function createItem(dream: Dream): HTMLLIElement {
  let name = "";
  const remove = element("button", { type: "button", class: "quiet remove" }, "✕");
  const heading = element("span", { class: "name" });
  const setName = (text: string) => {
    name = text;
    setText(heading, name);
    remove.setAttribute("aria-label", `Delete “${name}”`);
  };
  setName(dream.title ?? `Dream of ${dayOf(dream)}`);
  if (dream.title === null) void readFirstWords(dream.id).then((words) => words && setName(words));
  const poster = posterOf(dream);
  const item = element(
    "li",
    // The title, which is the first text in it, gives the whole card its direction.
    { class: "volume", dir: "auto", "data-shape": recallShape(dream.id) },
    element(
      "a",
      { href: watchAddress(dream.id) },
      element("span", { class: "poster" }, poster),
      heading,
      element("span", { class: "film-details", dir: "ltr" }, describeFilm(dream)),
    ),
    remove,
  );
  poster?.addEventListener("load", () => {
    item.dataset.shape = shapeOf(poster.naturalWidth / poster.naturalHeight);
  });
  remove.addEventListener("click", () => void removeDream(dream.id, name, item));
  return item;
}

/** The words that name a dream until there is a storyboard, whose title does; null if they cannot be read. */
async function readFirstWords(dreamId: string): Promise<string | null> {
  const { transcript } = await readTranscript(dreamId).catch(() => ({ transcript: "" }));
  return nameDream(transcript) || null;
}

const dayOf = ({ created_at }: Dream) =>
  new Date(created_at).toLocaleDateString("en", { day: "numeric", month: "short" });

async function removeDream(dreamId: string, name: string, item: HTMLElement): Promise<void> {
  if (!(await confirmDelete(name))) return;
  try {
    await deleteDream(dreamId);
    forgetShape(dreamId);
    const neighbour = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    section.hidden = shelf.childElementCount === 0;
    neighbour?.querySelector("a")?.focus();
  } catch (error) {
    showNotice(error);
  }
}

/** Asks whether to delete the dream. */
export const confirmDelete = (name: string): Promise<boolean> =>
  confirmed(
    "Delete this dream?",
    `“${name}” will be deleted with its text and its film. You cannot undo this.`,
    "Delete",
  );

/** The poster's address differs from the film's in the file name only; one playback grant covers both. */
function posterOf(dream: Dream): HTMLImageElement | null {
  if (dream.video_url === null) return null;
  const source = dream.video_url.replace(/film\.mp4$/, "poster.jpg");
  const image = element("img", { src: source, alt: "", loading: "lazy" });
  image.addEventListener("error", () => image.remove());
  return image;
}

function describeFilm(dream: Dream): string {
  const duration = dream.video_metadata === null ? null : inUnits(dream.video_metadata.duration);
  return [dayOf(dream), dream.video_status === "completed" ? duration : states[dream.video_status ?? "none"]]
    .filter((part) => part != null)
    .join(" · ");
}

const states: Record<string, string> = {
  none: "no film",
  queued: "waiting",
  processing: "being made",
  failed: "failed",
  cancelled: "cancelled",
  waiting: "waits for you",
  expired: "not approved in time",
};
