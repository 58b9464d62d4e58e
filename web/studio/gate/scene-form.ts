/** One scene of a storyboard that its owner may change. */
import { limits } from "../../../contract/limits.ts";
import { element } from "../../shared/element.ts";
import { loadPicture } from "../watch/load-picture.ts";
import type { Draft, DraftScene } from "./draft.ts";
import { sceneCast } from "./scene-cast.ts";

export interface SceneActions {
  change(key: number, words: { narration: string } | { picture: string } | { cast: string[] }): void;
  move(key: number, by: -1 | 1): void;
  merge(key: number): void;
  remove(key: number): void;
}

/** The form of the scene at this place of so many. Its elements are named by their `data-part`. */
export function sceneForm(
  { key, scene, pictureUrl }: DraftScene,
  {
    index,
    count,
    cast,
    isRecorded,
  }: { index: number; count: number; cast: Draft["cast"]; isRecorded: boolean },
  actions: SceneActions,
): HTMLLIElement {
  const number = index + 1;
  const picture = element("img", { class: "gate-picture", alt: "", hidden: true, "data-part": "image" });
  if (pictureUrl !== null) loadPicture(picture, pictureUrl);
  const button = (part: string, text: string, act: () => void, isDisabled: boolean) => {
    const label = `${text}, scene ${number}`;
    const made = element(
      "button",
      { type: "button", class: "quiet", "data-part": part, "aria-label": label, disabled: isDisabled },
      text,
    );
    made.addEventListener("click", act);
    return made;
  };
  return element(
    "li",
    { class: "gate-scene", "data-key": key },
    element("h3", {}, `Scene ${number}`),
    picture,
    ...field(
      {
        id: `gate-narration-${key}`,
        label: isRecorded ? "What is told, in your own voice" : "What is told",
        part: "narration",
        isFixed: isRecorded,
      },
      scene.narration,
      (narration) => actions.change(key, { narration }),
    ),
    ...field(
      { id: `gate-picture-${key}`, label: "What the picture shows", part: "picture", isFixed: false },
      scene.picture,
      (words) => actions.change(key, { picture: words }),
    ),
    sceneCast(cast, { chosen: scene.cast ?? [], number }, (ids) => actions.change(key, { cast: ids })),
    element(
      "div",
      { class: "gate-tools" },
      button("up", "Move up", () => actions.move(key, -1), isRecorded || index === 0),
      button("down", "Move down", () => actions.move(key, 1), isRecorded || number === count),
      button("merge", "Merge with next", () => actions.merge(key), number === count),
      button("remove", "Remove", () => actions.remove(key), count === 1),
    ),
  );
}

function field(
  { id, label, part, isFixed }: { id: string; label: string; part: string; isFixed: boolean },
  text: string,
  onInput: (text: string) => void,
) {
  const area = element("textarea", {
    readonly: isFixed,
    ...{ id, rows: part === "narration" ? 2 : 3, dir: "auto", spellcheck: "true", "data-part": part },
    "aria-describedby": `${id}-problem`,
    // In UTF-16 units; the exact limit is checked before the draft is sent.
    maxlength: 2 * limits.sceneTextChars,
  });
  area.value = text;
  area.addEventListener("input", () => onInput(area.value));
  const problem = element("p", {
    ...{ id: `${id}-problem`, class: "field-problem", role: "alert", hidden: true },
    "data-part": `${part}-problem`,
  });
  return [element("label", { for: id }, label), area, problem];
}
