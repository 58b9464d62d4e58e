/** The form's fields for a film's options. */
import type { CaptionStyle } from "../../../contract/caption-style.ts";
import type { Aspect, FilmOptions, Narrator, PausePoint, VisualStyle } from "../../../contract/film.ts";
import { limits } from "../../../contract/limits.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { inUnits } from "../watch/describe-progress.ts";
import { captions, looks, ownVoice, shapes, voices } from "./choices.ts";
import { setUpVoiceSample } from "./hear-voice.ts";
import type { Choices } from "./remember-choices.ts";

const form = byId("dream-form", HTMLFormElement);
const length = byId("length", HTMLInputElement);
const voice = byId("voice", HTMLSelectElement);
const speed = byId("speed", HTMLInputElement);
const pause = byId("pause", HTMLSelectElement);
const ambience = byId("ambience", HTMLInputElement);
const cast = byId("cast", HTMLInputElement);
let fillsLength = true;
const titleCard = byId("title-card", HTMLInputElement);
const endCard = byId("end-card", HTMLInputElement);

/** Fills the fields and connects them. Called once, before `setChoices`. */
export function setUpChoices(): void {
  addRadios("looks", "style", looks, (value) =>
    element("img", { src: `looks/${value}.webp`, alt: "", width: 240, height: 160 }),
  );
  addRadios("shapes", "aspect", shapes, (value) =>
    element("span", { class: "outline", "data-shape": value }),
  );
  addRadios("captions", "captions", captions, () => null);
  voice.append(...Object.entries(voices).map(([value, name]) => element("option", { value }, name)));
  speed.min = String(limits.speed.min);
  speed.max = String(limits.speed.max);
  length.addEventListener("input", showLength);
  voice.addEventListener("change", showLength);
  setUpVoiceSample(voice);
  speed.addEventListener("input", showSpeed);
}

/** The options that are chosen. */
export function readChoices(): Choices {
  const chosen = new FormData(form);
  return {
    style: chosen.get("style") as VisualStyle,
    aspect: chosen.get("aspect") as Aspect,
    captions: chosen.get("captions") as CaptionStyle,
    voice: voice.value as Narrator,
    speed: Number(speed.value),
    ambience: ambience.checked,
    cast: cast.checked,
    length_seconds: Number(length.value),
    title_card: titleCard.checked,
    end_card: endCard.checked,
    pause_after: pause.value === "" ? null : (pause.value as PausePoint),
  };
}

/** Chooses these options. One that is absent or not offered gets its default. */
export function setChoices(options: Partial<FilmOptions>): void {
  check("style", options.style, "dreamlike");
  check("aspect", options.aspect, "16:9");
  check("captions", options.captions, "karaoke");
  voice.value = options.voice ?? "sage";
  if (voice.value === "") voice.value = "sage";
  speed.value = String(options.speed ?? 1);
  ambience.checked = options.ambience ?? true;
  cast.checked = options.cast ?? false;
  length.value = String(options.length_seconds ?? 30);
  titleCard.checked = options.title_card ?? false;
  endCard.checked = options.end_card ?? false;
  pause.value = options.pause_after ?? "";
  showLength();
  showSpeed();
}

/** Offers the dreamer's own voice, or offers it no more. */
export function offerOwnVoice(canNarrate: boolean): void {
  const option = voice.querySelector('option[value="own"]');
  if (canNarrate === (option !== null)) return;
  if (canNarrate) voice.prepend(element("option", { value: "own" }, ownVoice));
  else option?.remove();
  showLength();
}

function showSpeed(): void {
  const text = `${Number(speed.value).toFixed(2)} ×`;
  setText(byId("speed-value", HTMLOutputElement), text);
  speed.setAttribute("aria-valuetext", text);
}

/** Says at the slider whether the dream has words enough for the length. */
export function showFillsLength(fills: boolean): void {
  fillsLength = fills;
  showLength();
}

/** A film that the recordings narrate is as long as they are. */
function showLength(): void {
  length.disabled = voice.value === "own";
  const chosen = `${fillsLength ? "about" : "up to"} ${inUnits(Number(length.value))}`;
  const text = length.disabled ? "as long as you told" : chosen;
  setText(byId("length-value", HTMLOutputElement), text);
  length.setAttribute("aria-valuetext", text);
}

/** Checks the radio button of this value, or of the standard if there is none. */
function check(name: string, value: string | undefined, standard: string): void {
  const radios = [...form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)];
  const radio = radios.find((one) => one.value === value) ?? radios.find((one) => one.value === standard);
  if (radio !== undefined) radio.checked = true;
}

/** One radio button per choice. */
function addRadios(
  into: string,
  name: string,
  choices: Record<string, string>,
  picture: (value: string) => HTMLElement | null,
): void {
  byId(into, HTMLElement).append(
    ...Object.entries(choices).map(([value, label]) =>
      element(
        "label",
        {},
        element("input", { type: "radio", name, value }),
        picture(value),
        element("span", {}, label),
      ),
    ),
  );
}
