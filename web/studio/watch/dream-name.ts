/** The dream's name, as the page's heading and in the browser's tab. */
import type { Dream } from "../../../contract/dream.ts";
import { byId, setText } from "../../shared/element.ts";
import { readDream, readTranscript } from "../api/api.ts";
import { nameDream } from "../compose/name-dream.ts";
import { askName } from "../dialogs/rename-dream.ts";

export interface DreamName {
  /** Reads the name and shows it. */
  show(): Promise<void>;
  /** Asks for another name. */
  rename(): Promise<void>;
  /** The shown name; empty while there is none. */
  current(): string;
}

const noWords = { transcript: "" };

/** Shows that there is no name yet. Nothing is shown after `visit` has aborted. */
export function createDreamName(dreamId: string, visit: AbortSignal): DreamName {
  let name = "";
  set("");
  return { show, rename, current: () => name };

  async function show(): Promise<void> {
    const dream: Dream | null = await readDream(dreamId, visit).catch(() => null);
    if (dream === null || visit.aborted) return;
    // Until there is a storyboard, the first words are the name.
    const { transcript } =
      dream.title === null ? await readTranscript(dreamId, visit).catch(() => noWords) : noWords;
    if (!visit.aborted) set(dream.title ?? nameDream(transcript));
  }

  function set(title: string): void {
    name = title;
    setText(byId("watch-title", HTMLElement), name || "Your dream");
    document.title = `${name || "Your dream"} · Dreamreel`;
  }

  async function rename(): Promise<void> {
    const title = await askName(dreamId, name);
    if (title !== null) set(title);
  }
}
