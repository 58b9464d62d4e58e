/** The form for a new dream and its film. */
import type { Aspect, CaptionStyle, Narrator, VisualStyle } from "../../../contract/film.ts";
import { limits } from "../../../contract/limits.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { changeDream, createDream, finishDream } from "../api/api.ts";
import { hideNotice, showNotice } from "../notice.ts";
import { watchAddress } from "../route.ts";
import { endTold, isTold, sendTold, setUpTelling, toldSeconds, toldTexts } from "../tell/tell-view.ts";
import { untitled } from "../tell/telling.ts";
import { inUnits } from "../watch/describe-progress.ts";
import { captions, looks, ownVoice, shapes, voices } from "./choices.ts";
import { examples } from "./examples.ts";
import { nameDream } from "./name-dream.ts";
import {
  type Choices,
  keepChoices,
  keepDraft,
  keepOwnVoice,
  keepShape,
  recallChoices,
  recallDraft,
} from "./remember-choices.ts";
import { showEstimate } from "./show-estimate.ts";

const form = byId("dream-form", HTMLFormElement);
const transcript = byId("transcript", HTMLTextAreaElement);
const problem = byId("transcript-problem", HTMLElement);
const length = byId("length", HTMLInputElement);
const voice = byId("voice", HTMLSelectElement);
const speed = byId("speed", HTMLInputElement);
const ambience = byId("ambience", HTMLInputElement);
const button = byId("dream-it", HTMLButtonElement);

/** Fills the form and connects it. Called once. */
export function setUpCompose(): void {
  fill();
  transcript.value = recallDraft();
  transcript.addEventListener("input", () => {
    keepDraft(transcript.value);
    showCount();
  });
  length.addEventListener("input", showLength);
  voice.addEventListener("change", showLength);
  speed.addEventListener("input", showSpeed);
  transcript.addEventListener("input", offerOwnVoice);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  const estimate = () => showEstimate(wholeText(), readChoices());
  form.addEventListener("input", estimate);
  form.addEventListener("change", estimate);
  showCount();
  showLength();
  showSpeed();
  estimate();
  void setUpTelling(() => {
    showCount();
    offerOwnVoice();
    estimate();
  });
}

/** What is written, and after it what is told. */
const wholeText = () =>
  [transcript.value, ...toldTexts()].filter((text) => hasVisibleText(text)).join("\n\n");

async function submit(): Promise<void> {
  if (button.disabled || !isWritten()) return;
  const choices = readChoices();
  keepChoices(choices);
  hideNotice();
  button.disabled = true;
  setText(button, "Sending…");
  try {
    const dreamId = isTold() ? await finishTold(choices) : await finishWritten(choices);
    if (dreamId === null) return;
    keepShape(dreamId, choices.aspect);
    if (choices.voice === "own") keepOwnVoice(dreamId);
    transcript.value = "";
    keepDraft("");
    showCount();
    showEstimate("", choices);
    location.hash = watchAddress(dreamId);
  } catch (error) {
    showNotice(error);
  } finally {
    button.disabled = false;
    setText(button, "Dream it");
  }
}

async function finishWritten(choices: Choices): Promise<string> {
  const dream = await createDream({ title: nameDream(transcript.value), transcript: transcript.value });
  await finishDream(dream.id, choices);
  return dream.id;
}

/** Null: a part of the told dream has a problem, which the page shows. */
async function finishTold(choices: Choices): Promise<string | null> {
  const telling = await sendTold();
  if (telling === null) return null;
  const text = wholeText();
  await changeDream(telling.dreamId, {
    title: hasVisibleText(text) ? nameDream(text) : untitled,
    // A text of the whole dream replaces those of the parts, so it is sent only if something was written.
    ...(hasVisibleText(transcript.value) ? { transcript: text } : {}),
  });
  try {
    await finishDream(telling.dreamId, choices);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.code === "segment.order_gap")) throw error;
    await telling.closeGaps();
    await finishDream(telling.dreamId, choices);
  }
  await endTold();
  return telling.dreamId;
}

function isWritten(): boolean {
  const chars = [...wholeText()].length;
  const fault =
    !hasVisibleText(transcript.value) && !isTold()
      ? "Write down a dream first, or choose an example."
      : chars > limits.transcriptChars
        ? `That is ${(chars - limits.transcriptChars).toLocaleString("en")} characters too long.`
        : "";
  setText(problem, fault);
  problem.hidden = fault === "";
  transcript.setAttribute("aria-invalid", String(fault !== ""));
  if (fault !== "") transcript.focus();
  return fault === "";
}

function readChoices(): Choices {
  const chosen = new FormData(form);
  return {
    style: chosen.get("style") as VisualStyle,
    aspect: chosen.get("aspect") as Aspect,
    captions: chosen.get("captions") as CaptionStyle,
    voice: voice.value as Narrator,
    speed: Number(speed.value),
    ambience: ambience.checked,
    length_seconds: Number(length.value),
  };
}

function showCount(): void {
  form.classList.toggle("told", isTold());
  const chars = [...wholeText()].length;
  const count = byId("count", HTMLOutputElement);
  setText(count, `${chars.toLocaleString("en")} / ${limits.transcriptChars.toLocaleString("en")}`);
  count.classList.toggle("over", chars > limits.transcriptChars);
  if (!problem.hidden) isWritten();
}

/** The recordings can narrate if they are the whole dream and not too long. */
function offerOwnVoice(): void {
  const seconds = toldSeconds();
  const canNarrate = seconds > 0 && seconds <= limits.narratingSeconds && !hasVisibleText(transcript.value);
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

/** A film that the recordings narrate is as long as they are. */
function showLength(): void {
  length.disabled = voice.value === "own";
  const text = length.disabled ? "as long as you told" : `about ${inUnits(Number(length.value))}`;
  setText(byId("length-value", HTMLOutputElement), text);
  length.setAttribute("aria-valuetext", text);
}

function fill(): void {
  const last = recallChoices();
  byId("examples", HTMLElement).append(
    ...examples.map(({ name, text }) => {
      const chip = element("button", { type: "button", class: "chip" }, name);
      chip.addEventListener("click", () => {
        transcript.value = text;
        transcript.dispatchEvent(new Event("input", { bubbles: true }));
        transcript.focus({ preventScroll: true });
      });
      return chip;
    }),
  );
  addRadios("looks", "style", looks, last.style ?? "dreamlike", (value) =>
    element("img", { src: `looks/${value}.webp`, alt: "", width: 240, height: 160 }),
  );
  addRadios("shapes", "aspect", shapes, last.aspect ?? "16:9", (value) =>
    element("span", { class: "outline", "data-shape": value }),
  );
  addRadios("captions", "captions", captions, last.captions ?? "karaoke", () => null);
  voice.append(...Object.entries(voices).map(([value, name]) => element("option", { value }, name)));
  voice.value = last.voice !== undefined && last.voice in voices ? last.voice : "sage";
  speed.min = String(limits.speed.min);
  speed.max = String(limits.speed.max);
  speed.value = String(last.speed ?? 1);
  ambience.checked = last.ambience ?? true;
  length.value = String(last.length_seconds ?? 30);
}

/** One radio button per choice. The first is checked when `checked` is not a choice. */
function addRadios(
  into: string,
  name: string,
  choices: Record<string, string>,
  checked: string,
  picture: (value: string) => HTMLElement | null,
): void {
  const chosen = checked in choices ? checked : Object.keys(choices)[0];
  byId(into, HTMLElement).append(
    ...Object.entries(choices).map(([value, label]) =>
      element(
        "label",
        {},
        element("input", { type: "radio", name, value, checked: value === chosen }),
        picture(value),
        element("span", {}, label),
      ),
    ),
  );
}
