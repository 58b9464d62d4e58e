/** The storyboard: one card per scene, updated in place while the scene is made. */
import type { TakeAsset } from "../../../contract/takes.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { canRedo, type FilmState, isActive, isStoryboardOld, type SceneState } from "./film-state.ts";
import { loadPicture } from "./load-picture.ts";

export interface CardActions {
  redo(index: number): void;
  /** Shows the scene's pictures, or its voices, and offers more of them. */
  takes(index: number, asset: TakeAsset): void;
  /** Requests the picture that a placeholder replaces. */
  paint(index: number): void;
  /** Seeks to the scene in the film. */
  goTo(index: number): void;
}

interface Card {
  item: HTMLLIElement;
  picture: HTMLImageElement;
  go: HTMLButtonElement;
  narration: HTMLElement;
  state: HTMLElement;
  redo: HTMLButtonElement;
  pictures: HTMLButtonElement;
  voices: HTMLButtonElement;
  placeholder: HTMLElement;
  paint: HTMLButtonElement;
}

const list = byId("scenes", HTMLOListElement);

export interface SceneCards {
  /** `starts`: the start of each playable scene, in seconds. `picturePrice`: of one picture, if known. */
  show(film: FilmState, starts: readonly number[], picturePrice: string | null): void;
  /** Marks the scene that plays at `atSeconds`. */
  mark(starts: readonly number[], atSeconds: number): void;
}

/** Empties the list and adds the cards as scenes become known. */
export function createSceneCards(actions: CardActions): SceneCards {
  const cards: Card[] = [];
  list.replaceChildren();
  return {
    show(film, starts, picturePrice) {
      // A film that waits for its owner shows them in a form. The words that its owner has changed are not
      // shown.
      byId("storyboard", HTMLElement).hidden =
        film.scenes.length === 0 || film.status === "waiting" || isStoryboardOld(film);
      while (cards.length > film.scenes.length) cards.pop()?.item.remove();
      film.scenes.forEach((scene, index) => {
        cards[index] ??= addCard(index, actions);
        const card = cards[index] as Card;
        fillCard(card, scene, index, film, index < starts.length);
        const price = picturePrice === null ? "" : `, ${picturePrice}`;
        setText(card.paint, `Paint it with AI${price}`);
        card.paint.setAttribute("aria-label", `Paint scene ${index + 1} with AI${price}`);
      });
    },
    mark(starts, atSeconds) {
      const playing = starts.findLastIndex((start) => start <= atSeconds + 0.02);
      cards.forEach(({ item, go }, index) => {
        item.classList.toggle("playing", index === playing);
        if (index === playing) go.setAttribute("aria-current", "true");
        else go.removeAttribute("aria-current");
      });
    },
  };
}

/** The start in seconds of each finished scene, for a player that does not report it. */
export function startsOf(scenes: readonly SceneState[]): number[] {
  const starts: number[] = [];
  let at = 0;
  for (const { seconds } of scenes) {
    if (seconds === null) break;
    starts.push(at);
    at += seconds;
  }
  return starts;
}

function addCard(index: number, actions: CardActions): Card {
  const picture = element("img", { alt: "", hidden: true });
  const go = element("button", { type: "button", class: "scene-picture" }, picture);
  const narration = element("p", { class: "narration", dir: "auto" });
  const state = element("p", { class: "scene-state" });
  const redo = element("button", { type: "button", class: "quiet", hidden: true }, "Redo");
  const takes = (name: string, asset: TakeAsset) => {
    const label = `More ${asset}s of scene ${index + 1}`;
    const button = element(
      "button",
      { type: "button", class: "quiet", hidden: true, "aria-label": label },
      name,
    );
    button.addEventListener("click", () => actions.takes(index, asset));
    return button;
  };
  const pictures = takes("More pictures", "picture");
  const voices = takes("More voices", "voice");
  const paint = element("button", { type: "button" });
  const placeholder = element(
    "p",
    { class: "placeholder", hidden: true },
    element("span", { class: "badge" }, "Painted without AI"),
    paint,
  );
  const number = element("span", { class: "scene-number", "aria-hidden": "true" }, String(index + 1));
  const item = element(
    "li",
    { class: "scene" },
    go,
    number,
    narration,
    placeholder,
    element("div", { class: "scene-foot" }, state, redo, pictures, voices),
  );
  go.addEventListener("click", () => actions.goTo(index));
  redo.addEventListener("click", () => actions.redo(index));
  paint.addEventListener("click", () => actions.paint(index));
  redo.setAttribute("aria-label", `Redo scene ${index + 1}`);
  list.append(item);
  return { item, picture, go, narration, state, redo, pictures, voices, placeholder, paint };
}

function fillCard(card: Card, scene: SceneState, index: number, film: FilmState, canPlay: boolean): void {
  const source = scene.painted ? pictureOf(film, index) : null;
  if (source !== null) loadPicture(card.picture, source);
  setText(card.narration, scene.narration ?? "");
  const state = describeScene(scene, index, film, canPlay);
  setText(card.state, state);
  card.item.classList.toggle("ready", canPlay);
  const isMade = film.status === "processing" && !isKept(film, index);
  card.item.classList.toggle("painting", !scene.painted && isMade);
  card.go.disabled = !canPlay;
  card.go.setAttribute("aria-label", `Scene ${index + 1}: ${canPlay ? "play from here" : state}`);
  card.redo.hidden = !canRedo(film, scene);
  card.pictures.hidden = !canRedo(film, scene);
  card.voices.hidden = !canRedo(film, scene) || film.options?.voice === "own";
  card.placeholder.hidden = !scene.isPlaceholder;
  card.paint.hidden = !canRedo(film, scene);
}

/** Another scene than the one that is made again: only its join may be encoded anew. */
const isKept = ({ redoScene }: FilmState, index: number) => redoScene !== null && redoScene !== index;

/** What is done to a scene, as text. `index`: its place in the film, from 0. */
function describeScene(scene: SceneState, index: number, film: FilmState, canPlay: boolean): string {
  if (scene.seconds !== null) return `${scene.seconds.toFixed(1)} s${scene.reused ? " · reused" : ""}`;
  if (!isActive(film)) return "";
  if (isKept(film, index)) return "kept";
  // While a scene is made again, the film plays as it was.
  if (canPlay && film.redoScene === null) return "playable, full quality soon";
  if (scene.painted && scene.spoken) return "being encoded";
  if (scene.painted) return "waiting for its narration";
  return scene.spoken ? "being painted" : "being painted and narrated";
}

/** The address of a scene's picture, or null before it is known. */
export function pictureOf({ urls }: FilmState, index: number): string | null {
  return urls.picture?.replace("{n}", String(index)) ?? null;
}
