/** The storyboard of a film that waits for its owner: shown, changed, approved. */
import type { WaitingStoryboard } from "../../../contract/approval.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { byId, setText } from "../../shared/element.ts";
import { approveFilm, readStoryboard, saveStoryboard } from "../api/api.ts";
import { hideNotice, showNotice } from "../notice.ts";
import type { FilmState } from "../watch/film-state.ts";
import { createAutosave } from "./autosave.ts";
import { hideConflict, onChoice, showConflict } from "./conflict.ts";
import { describeEnd, describeLead, describePrices } from "./describe-gate.ts";
import {
  addScene,
  type Draft,
  type DraftFault,
  describeUnsaved,
  draftOf,
  editOf,
  faultAfter,
  faultAt,
  faultOf,
  takeStored,
} from "./draft.ts";
import { focusOn, focusOnFault, hideStalePictures, paintFault, paintScenes } from "./scene-list.ts";

const section = byId("gate", HTMLElement);
const title = byId("gate-film-title", HTMLInputElement);
const add = byId("gate-add", HTMLButtonElement);
const make = byId("gate-make", HTMLButtonElement);
const state = byId("gate-state", HTMLElement);

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
  let isLoading = false;
  /** The storyboard of another tab, until its owner has chosen between both. */
  let theirs: WaitingStoryboard | null = null;
  /** What the service refuses of the draft, until it is changed. */
  let refused: DraftFault | null = null;
  const autosave = createAutosave(() => void save());
  section.hidden = true;
  hideConflict();

  const on = (target: EventTarget, event: string, act: () => unknown) =>
    target.addEventListener(event, () => void act(), { signal: visit });
  on(title, "input", () => change((now) => ({ ...now, title: title.value })));
  on(add, "click", () => {
    if (draft === null) return;
    const { nextKey } = draft;
    change(addScene);
    paintScenes(draft, change);
    focusOn(nextKey, "narration");
  });
  on(make, "click", approve);
  // What was typed is stored when its field, the tab or the page is left.
  on(section, "focusout", autosave.flush);
  on(document, "visibilitychange", autosave.flush);
  on(window, "pagehide", autosave.flush);
  onChoice(visit, { keepMine: () => void keepMine(), takeTheirs });
  visit.addEventListener("abort", () => {
    autosave.end();
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
      if (!visit.aborted) open(jobId, read);
    } catch (error) {
      if (!visit.aborted) fail(error);
    } finally {
      isLoading = false;
    }
  }

  /** Shows a storyboard in place of the one before. */
  function open(jobId: string | null, read: WaitingStoryboard): void {
    shown = { jobId, revision: read.revision };
    draft = draftOf(read);
    stored = JSON.stringify(editOf(draft));
    refused = read.refused && faultAt(draft, read.refused.pointer, describeRefused(read.refused));
    title.value = draft.title;
    paintScenes(draft, change);
    paintFault(refused);
    paintStored(read);
    setText(state, "");
    section.hidden = false;
  }

  function isChanged(): boolean {
    return draft !== null && JSON.stringify(editOf(draft)) !== stored;
  }

  function change(change_: (now: Draft) => Draft): void {
    if (draft === null) return;
    const before = draft;
    draft = change_(draft);
    refused = faultAfter(refused, before, draft);
    autosave.note();
    setText(state, "");
    paintFault(refused);
  }

  /** Sends the draft if it has changed. False: it is not stored. */
  async function save(): Promise<boolean> {
    while (saving !== null) await saving;
    if (draft === null || shown === null || theirs !== null) return false;
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
      hideStalePictures(draft);
      setText(state, "Saved");
      return true;
    } catch (error) {
      if (visit.aborted) return false;
      setText(state, "Not saved");
      await explain(error, sent);
      return false;
    }
  }

  /** Says at its place why the draft is not stored. */
  async function explain(error: unknown, sent: Draft): Promise<void> {
    const { code, pointer } = error instanceof ApiProblem ? error : { code: "", pointer: null };
    if (code === "storyboard.changed") return askWhose();
    if (pointer === null || !(error instanceof ApiProblem)) return fail(error);
    refused = faultAt(sent, pointer, error.message);
    paintFault(refused);
  }

  /** Keeps the words of this page in their fields, shows those of the other, and asks which to take. */
  async function askWhose(): Promise<void> {
    const read = await readStoryboard(dreamId, visit).catch((error: unknown) => fail(error));
    if (read === undefined || visit.aborted || draft === null) return;
    theirs = read;
    showConflict(editOf(draft), editOf(draftOf(read)));
    setText(state, "Not saved. Another tab has changed this storyboard.");
  }

  async function keepMine(): Promise<void> {
    if (theirs === null || shown === null) return;
    shown = { ...shown, revision: theirs.revision };
    theirs = null;
    hideConflict();
    await save();
  }

  function takeTheirs(): void {
    if (theirs === null) return;
    const read = theirs;
    theirs = null;
    hideConflict();
    open(shown?.jobId ?? null, read);
    title.focus();
  }

  async function approve(): Promise<void> {
    hideNotice();
    autosave.end();
    const fault = draft && (faultOf(draft) ?? refused);
    paintFault(fault);
    if (fault !== null) return focusOnFault(fault);
    make.disabled = true;
    try {
      if (!(await save()) || shown === null) return;
      await approveFilm(dreamId, shown.revision);
      section.hidden = true;
      draft = null;
      byId("watch-title", HTMLElement).focus();
      hasEnded();
    } catch (error) {
      if (draft !== null) await explain(error, draft);
    } finally {
      make.disabled = false;
    }
  }

  /** Says what went wrong. After a conflict the page shows the newest storyboard. */
  function fail(error: unknown): undefined {
    showNotice(error);
    if (!(error instanceof ApiProblem)) return;
    if (conflicts.has(error.code)) void load(shown?.jobId ?? null);
    if (error.code === "job.not_waiting") hasEnded();
  }
}

const describeRefused = ({ pointer, text }: NonNullable<WaitingStoryboard["refused"]>) =>
  pointer.startsWith("/cast/")
    ? `The AI providers refuse this description: “${text}” Take it out of every scene.`
    : `The AI providers refuse this sentence: “${text}” Change it.`;

function paintStored(storyboard: WaitingStoryboard): void {
  setText(byId("gate-price", HTMLElement), describePrices(storyboard.price));
  setText(byId("gate-end", HTMLElement), describeEnd(storyboard.expires_at));
  setText(byId("gate-lead", HTMLElement), describeLead(storyboard));
}
