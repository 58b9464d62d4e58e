/** What the owner does with a film: make a scene or the whole of it again, stop it, delete it. */
import type { FilmOptions, Narrator } from "../../../contract/film.ts";
import type { VideoStatus } from "../../../contract/job.ts";
import type { TakeAsset } from "../../../contract/takes.ts";
import { confirmed } from "../../shared/confirm.ts";
import { cancelFilm, deleteDream, finishDream, redoScene } from "../api/api.ts";
import { forgetShape, recallChoices, recallOwnVoice, recallShape } from "../compose/remember-choices.ts";
import { askRedo } from "../dialogs/redo-scene.ts";
import { askTakes } from "../dialogs/takes/ask-takes.ts";
import { confirmDelete } from "../library/library-view.ts";
import { hideNotice, showNotice } from "../notice.ts";
import type { FilmState } from "./film-state.ts";

export interface FilmPorts {
  film(): FilmState;
  /** The dream's name; empty while it has none. */
  name(): string;
  /** Brings the film into sight. */
  reveal(): void;
  /** Follows the film that was requested. */
  follow(): Promise<void>;
  /** Shows an answer at once, without waiting for the stream. */
  take(status: VideoStatus): void;
}

/** The acts on one dream's film. Each shows its own errors. */
export function createFilmActs(dreamId: string, { film, name, reveal, follow, take }: FilmPorts) {
  return { redo, takes, repaint, stop, tryAgain, removeDream };

  async function redo(index: number): Promise<void> {
    const { scenes, options } = film();
    const scene = scenes[index];
    if (scene === undefined || !(await askRedo(dreamId, index, scene, options ?? {}))) return;
    reveal();
    await follow();
  }

  async function takes(index: number, asset: TakeAsset): Promise<void> {
    if (!(await askTakes(dreamId, index, asset))) return;
    reveal();
    await follow();
  }

  async function repaint(index: number): Promise<void> {
    if (await attempt(() => redoScene(dreamId, index, {}))) await follow();
  }

  async function stop(): Promise<void> {
    const sure = await confirmed(
      "Stop making this film?",
      film().status === "waiting"
        ? "Your changes to the storyboard and what was bought are kept for the next try."
        : "Finished parts are kept for the next try.",
      "Stop",
    );
    if (sure) await attempt(async () => take(await cancelFilm(dreamId)));
  }

  /** The same film again, from the storyboard that its owner has changed: nothing is bought twice. */
  async function tryAgain(more: { new_storyboard?: boolean } = {}): Promise<void> {
    const options = film().options ?? lastChoices(dreamId);
    if (await attempt(() => finishDream(dreamId, { ...options, ...more }))) await follow();
  }

  async function removeDream(): Promise<void> {
    if (!(await confirmDelete(name() || "This dream"))) return;
    if (!(await attempt(() => deleteDream(dreamId)))) return;
    forgetShape(dreamId);
    location.hash = "#/";
  }
}

/** For an edge that does not say what the film was requested with. */
function lastChoices(dreamId: string): Partial<FilmOptions> {
  const aspect = recallShape(dreamId);
  const { voice, ...choices } = recallChoices();
  // The last choice may be about another dream, which was told.
  const narrator: Narrator | undefined =
    (recallOwnVoice(dreamId) && "own") || (voice === "own" ? undefined : voice);
  return {
    ...choices,
    ...(narrator === undefined ? {} : { voice: narrator }),
    ...(aspect === null ? {} : { aspect }),
  };
}

async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  hideNotice();
  try {
    await act();
    return true;
  } catch (error) {
    showNotice(error);
    return false;
  }
}
