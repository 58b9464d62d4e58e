/** The storyboard of a film that waits for its owner: shown, changed, approved. */
import type { WaitingStoryboard } from "../../../contract/approval.ts";
import { limits } from "../../../contract/limits.ts";
import { announce } from "../../shared/announce.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { byId, setText } from "../../shared/element.ts";
import { approveFilm, readStoryboard, saveStoryboard } from "../api/api.ts";
import { hideNotice, showNotice } from "../notice.ts";
import type { FilmState } from "../watch/film-state.ts";
import { describeEnd, describePrices } from "./describe-gate.ts";
import {
  addScene,
  changeScene,
  type Draft,
  describeUnsaved,
  draftOf,
  editOf,
  faultOf,
  mergeWithNext,
  moveScene,
  removeScene,
  takeStored,
} from "./draft.ts";
import { sceneForm } from "./scene-form.ts";

const section = byId("gate", HTMLElement);
const title = byId("gate-film-title", HTMLInputElement);
const list = byId("gate-scenes", HTMLOListElement);
const add = byId("gate-add", HTMLButtonElement);
const make = byId("gate-make", HTMLButtonElement);
const state = byId("gate-state", HTMLElement);
const problem = byId("gate-problem", HTMLElement);

/** A change is sent after so long without another one. */
const saveAfterMs = 900;
/** The storyboard is another one than this page has shown. */
const conflicts = new Set(["storyboard.changed", "storyboard.stale"]);

export interface Gate {
  show(film: FilmState): void;
}

/** Shows the storyboard while the film waits. `hasEnded`: called when it waits no longer. */
export function createGate(dreamId: string, visit: AbortSignal, hasEnded: () => void): Gate {
  let shown: { jobId: string | null; revision: number } | null = null;
  let draft: Draft | null = null;
  let stored = "";
  let saving: Promise<boolean> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLoading = false;
  section.hidden = true;

  const on = (target: HTMLElement, event: string, act: () => unknown) =>
    target.addEventListener(event, () => void act(), { signal: visit });
  on(title, "input", () => draft && change({ ...draft, title: title.value }));
  on(add, "click", () => {
    if (draft === null) return;
    const { nextKey } = draft;
    change(addScene(draft));
    paintScenes();
    focusOn(nextKey, "narration");
  });
  on(make, "click", approve);
  visit.addEventListener("abort", () => {
    clearTimeout(timer);
    // What was typed just before the page was left is stored too.
    void save();
  });

  return {
    show(film) {
      section.hidden = film.status !== "waiting" || draft === null;
      if (film.status !== "waiting" || film.approval === null) {
        shown = null;
        return;
      }
      const isNewer = shown === null || film.jobId !== shown.jobId || film.approval.revision > shown.revision;
      if (isNewer && !isLoading && saving === null && !isChanged()) void load(film.jobId);
    },
  };

  async function load(jobId: string | null): Promise<void> {
    isLoading = true;
    try {
      const read = await readStoryboard(dreamId, visit);
      if (visit.aborted) return;
      shown = { jobId, revision: read.revision };
      draft = draftOf(read);
      stored = JSON.stringify(editOf(draft));
      title.value = draft.title;
      paintScenes();
      paintStored(read);
      setText(state, "");
      section.hidden = false;
    } catch (error) {
      if (!visit.aborted) fail(error);
    } finally {
      isLoading = false;
    }
  }

  function isChanged(): boolean {
    return draft !== null && JSON.stringify(editOf(draft)) !== stored;
  }

  function change(next: Draft): void {
    draft = next;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), saveAfterMs);
    setText(state, "");
    if (!problem.hidden) showFault();
  }

  /** Sends the draft if it has changed. False: it is not stored. */
  async function save(): Promise<boolean> {
    while (saving !== null) await saving;
    if (draft === null || shown === null) return false;
    if (!isChanged()) return true;
    const unsaved = describeUnsaved(draft);
    if (unsaved !== null) {
      setText(state, unsaved);
      return false;
    }
    saving = send(draft, shown).finally(() => {
      saving = null;
    });
    return saving;
  }

  async function send(sent: Draft, seen: NonNullable<typeof shown>): Promise<boolean> {
    if (!visit.aborted) setText(state, "Saving…");
    try {
      const answer = await saveStoryboard(dreamId, seen.revision, editOf(sent));
      if (visit.aborted || draft === null) return false;
      shown = { ...seen, revision: answer.revision };
      draft = takeStored(draft, sent, answer);
      stored = JSON.stringify(editOf(takeStored(sent, sent, answer)));
      paintStored(answer);
      paintPictures();
      setText(state, "Saved");
      return true;
    } catch (error) {
      if (visit.aborted) return false;
      setText(state, "Not saved");
      fail(error);
      return false;
    }
  }

  async function approve(): Promise<void> {
    hideNotice();
    clearTimeout(timer);
    if (!showFault()) return;
    make.disabled = true;
    try {
      if (!(await save()) || shown === null) return;
      await approveFilm(dreamId, shown.revision);
      section.hidden = true;
      draft = null;
      byId("watch-title", HTMLElement).focus();
      hasEnded();
    } catch (error) {
      fail(error);
    } finally {
      make.disabled = false;
    }
  }

  /** Says what went wrong. After a conflict the page shows the newest storyboard. */
  function fail(error: unknown): void {
    showNotice(error);
    if (!(error instanceof ApiProblem)) return;
    if (conflicts.has(error.code)) void load(shown?.jobId ?? null);
    if (error.code === "job.not_waiting") hasEnded();
  }

  /** Shows why the draft cannot be sent, and moves the focus there. True: it can be sent. */
  function showFault(): boolean {
    const fault = draft && faultOf(draft);
    for (const one of list.querySelectorAll<HTMLElement>("[data-part=problem]")) one.hidden = true;
    problem.hidden = fault === null || fault.key !== null;
    if (fault === null) return true;
    const place = fault.key === null ? problem : partOf(fault.key, "problem");
    if (place !== null) {
      setText(place, fault.text);
      place.hidden = false;
    }
    if (fault.key === null) title.focus();
    else focusOn(fault.key, "narration");
    return false;
  }

  function paintStored({ price, expires_at, at }: WaitingStoryboard): void {
    setText(byId("gate-price", HTMLElement), describePrices(price));
    setText(byId("gate-end", HTMLElement), describeEnd(expires_at));
    const bought =
      at === "pictures"
        ? "Its pictures are bought, and nothing else."
        : "Nothing but the storyboard is bought yet.";
    setText(byId("gate-lead", HTMLElement), `This is what the film will tell and show. ${bought}`);
  }

  function paintScenes(): void {
    if (draft === null) return;
    const { scenes } = draft;
    const act = (change_: (draft: Draft) => Draft, said: string) => {
      if (draft === null) return;
      change(change_(draft));
      paintScenes();
      announce(said);
    };
    list.replaceChildren(
      ...scenes.map((scene, index) =>
        sceneForm(
          scene,
          { index, count: scenes.length, cast: draft?.cast ?? [] },
          {
            change: (key, words) => draft && change(changeScene(draft, key, words)),
            move(key, by) {
              act((now) => moveScene(now, key, by), `Scene ${index + 1} is now scene ${index + 1 + by}.`);
              const [first, second] = by === -1 ? (["up", "down"] as const) : (["down", "up"] as const);
              focusOn(key, first) || focusOn(key, second);
            },
            merge(key) {
              act((now) => mergeWithNext(now, key), `Scene ${index + 1} and the next are one scene.`);
              focusOn(key, "narration");
            },
            remove(key) {
              const next = scenes[index + 1] ?? scenes[index - 1];
              act((now) => removeScene(now, key), `Scene ${index + 1} is removed.`);
              if (next !== undefined) focusOn(next.key, "narration");
            },
          },
        ),
      ),
    );
    add.hidden = scenes.length >= limits.scenes.max;
  }

  /** A picture that no longer belongs to its scene's words disappears. */
  function paintPictures(): void {
    for (const { key, pictureUrl } of draft?.scenes ?? []) {
      const image = partOf(key, "image");
      if (image instanceof HTMLImageElement && pictureUrl === null) {
        image.hidden = true;
        delete image.dataset.wanted;
      }
    }
  }
}

const partOf = (key: number, part: string) =>
  list.querySelector<HTMLElement>(`[data-key="${key}"] [data-part="${part}"]`);

/** Moves the focus. False: the element cannot have it. */
function focusOn(key: number, part: string): boolean {
  const found = partOf(key, part);
  if (found === null || (found instanceof HTMLButtonElement && found.disabled)) return false;
  found.focus();
  return true;
}
