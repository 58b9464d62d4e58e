import type { FilmOptions } from "../../../contract/film.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { byId, setText } from "../../shared/element.ts";
import { untilClosed } from "../../shared/until-closed.ts";
import { redoScene } from "../api/api.ts";
import { explainProblem } from "../api/explain-problem.ts";
import type { SceneState } from "../watch/film-state.ts";
import { readScenePrices } from "./price-redo.ts";
import { describePrice, type ScenePrices } from "./scene-prices.ts";

const dialog = byId("redo-dialog", HTMLDialogElement);
const narration = byId("redo-narration", HTMLTextAreaElement);
const picture = byId("redo-picture", HTMLTextAreaElement);
const submit = byId("redo-submit", HTMLButtonElement);
const problem = byId("redo-problem", HTMLElement);

/**
 * The dialog that changes a scene. Without changes it requests a new picture, and it says what each costs.
 * Resolves to whether it was sent. `options`: of the film.
 */
export async function askRedo(
  dreamId: string,
  index: number,
  scene: SceneState,
  options: Partial<FilmOptions>,
): Promise<boolean> {
  setText(byId("redo-title", HTMLElement), `Redo scene ${index + 1}`);
  narration.value = scene.narration ?? "";
  picture.value = "";
  setText(byId("redo-prompt", HTMLElement), scene.picture ?? "");
  problem.hidden = true;
  const closing = new AbortController();
  const { signal } = closing;
  let prices: ScenePrices | null = null;

  const readChanges = () => ({
    ...(narration.value.trim() === scene.narration ? {} : { narration: narration.value.trim() }),
    ...(hasVisibleText(picture.value) && picture.value.trim() !== scene.picture
      ? { picture: picture.value.trim() }
      : {}),
  });
  /** New words cost as much more as they are longer. */
  const priceOf = (buys: readonly string[], { picture: ofPicture, voice: ofVoice }: ScenePrices) =>
    (buys.includes("picture") ? ofPicture : 0) +
    (buys.includes("narration")
      ? (ofVoice * narration.value.length) / Math.max(1, scene.narration?.length ?? 1)
      : 0);
  const describe = () => {
    const changes = Object.keys(readChanges());
    setText(submit, changes.length === 0 ? "New picture" : "Redo the scene");
    const buys = changes.length === 0 ? ["picture"] : changes;
    const price = prices && describePrice(priceOf(buys, prices));
    setText(
      byId("redo-hint", HTMLElement),
      `${
        changes.length === 0
          ? "Without a change, the scene gets a new picture"
          : `Changed: ${changes.join(" and ")}`
      }${price === null ? "." : `, for ${price}.`}`,
    );
    submit.disabled = !hasVisibleText(narration.value);
  };
  narration.addEventListener("input", describe, { signal });
  picture.addEventListener("input", describe, { signal });
  byId("redo-edit-prompt", HTMLButtonElement).addEventListener(
    "click",
    () => {
      picture.value = scene.picture ?? "";
      picture.focus();
      describe();
    },
    { signal },
  );
  describe();
  void readScenePrices(scene.narration ?? "", options, signal).then((read) => {
    prices = read;
    if (!signal.aborted) describe();
  });

  dialog.returnValue = "";
  dialog.showModal();
  byId("redo-close", HTMLButtonElement).addEventListener("click", () => dialog.close(""), { signal });
  byId("redo-form", HTMLFormElement).addEventListener(
    "submit",
    async (event) => {
      event.preventDefault();
      submit.disabled = true;
      try {
        await redoScene(dreamId, index, readChanges());
        dialog.close("sent");
      } catch (error) {
        const { title, advice, code } = explainProblem(error);
        setText(problem, `${title}. ${advice} (${code})`);
        problem.hidden = false;
        submit.disabled = false;
      }
    },
    { signal },
  );
  await untilClosed(dialog);
  closing.abort();
  return dialog.returnValue === "sent";
}
