/** The list of scenes that their owner may change. */
import { limits } from "../../../contract/limits.ts";
import { announce } from "../../shared/announce.ts";
import { byId, setText } from "../../shared/element.ts";
import { changeScene, type Draft, type DraftFault, mergeWithNext, moveScene, removeScene } from "./draft.ts";
import { sceneForm } from "./scene-form.ts";

const list = byId("gate-scenes", HTMLOListElement);
const add = byId("gate-add", HTMLButtonElement);
const problem = byId("gate-problem", HTMLElement);
const title = byId("gate-film-title", HTMLInputElement);

/** Shows the scenes. `change` gets what becomes of the draft that is then the newest. */
export function paintScenes(draft: Draft, change: (make: (now: Draft) => Draft) => void): void {
  const { scenes, isRecorded } = draft;
  const act = (make: (now: Draft) => Draft, said: string) => {
    change((now) => {
      const next = make(now);
      paintScenes(next, change);
      return next;
    });
    announce(said);
  };
  list.replaceChildren(
    ...scenes.map((scene, index) =>
      sceneForm(
        scene,
        { index, count: scenes.length, cast: draft.cast, isRecorded },
        {
          change: (key, words) => change((now) => changeScene(now, key, words)),
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
  add.hidden = isRecorded || scenes.length >= limits.scenes.max;
}

/** A picture that no longer belongs to its scene's words disappears. */
export function hideStalePictures({ scenes }: Draft): void {
  for (const { key, pictureUrl } of scenes) {
    const image = partOf(key, "image");
    if (image instanceof HTMLImageElement && pictureUrl === null) {
      image.hidden = true;
      delete image.dataset.wanted;
    }
  }
}

/** Shows the fault at its field, or none. */
export function paintFault(fault: DraftFault | null): void {
  for (const one of list.querySelectorAll<HTMLElement>("[data-part$=-problem]")) one.hidden = true;
  for (const one of list.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
  problem.hidden = fault === null || fault.key !== null;
  if (fault === null) return;
  const place = fault.key === null ? problem : partOf(fault.key, `${fault.part}-problem`);
  if (place === null) return;
  if (fault.key !== null) partOf(fault.key, fault.part)?.setAttribute("aria-invalid", "true");
  setText(place, fault.text);
  place.hidden = false;
}

/** Moves the focus to the field of the fault. */
export function focusOnFault({ key, part }: DraftFault): void {
  if (key === null) title.focus();
  else focusOn(key, part);
}

const partOf = (key: number, part: string) =>
  list.querySelector<HTMLElement>(`[data-key="${key}"] [data-part="${part}"]`);

/** Moves the focus. False: the element cannot have it. */
export function focusOn(key: number, part: string): boolean {
  const found = partOf(key, part);
  if (found === null || (found instanceof HTMLButtonElement && found.disabled)) return false;
  found.focus();
  return true;
}
