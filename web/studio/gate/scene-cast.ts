/** Who and what is in a scene: the members of the film's cast, each to be chosen. */
import { limits } from "../../../contract/limits.ts";
import { element } from "../../shared/element.ts";

interface Member {
  id: string;
  name: string;
}

/**
 * The choice of the members that the picture of scene `number` shows, at most `limits.sceneCast`. Null: the
 * film has no cast. Ids that the cast does not have are kept out of sight and dropped at the first change.
 */
export function sceneCast(
  cast: readonly Member[],
  { chosen, number }: { chosen: readonly string[]; number: number },
  onChange: (ids: string[]) => void,
): HTMLFieldSetElement | null {
  if (cast.length === 0) return null;
  const boxes = cast.map(({ id }) => {
    const box = element("input", { type: "checkbox", value: id, "data-part": "member" });
    box.checked = chosen.includes(id);
    box.addEventListener("change", () => {
      hold();
      onChange(boxes.filter(({ checked }) => checked).map(({ value }) => value));
    });
    return box;
  });
  /** As many as a picture may show are chosen: no further one can be. */
  const hold = () => {
    const isFull = boxes.filter(({ checked }) => checked).length >= limits.sceneCast;
    for (const box of boxes) box.disabled = isFull && !box.checked;
  };
  hold();
  return element(
    "fieldset",
    { class: "scene-cast" },
    element(
      "legend",
      {},
      "Who is in the picture",
      element("span", { class: "hidden" }, ` of scene ${number}`),
    ),
    ...cast.map(({ name }, index) =>
      element("label", {}, boxes[index] ?? null, element("span", { dir: "auto" }, name)),
    ),
  );
}
