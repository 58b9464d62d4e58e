/** The form for a new dream and its film, or for an earlier dream that is filmed again. */
import type { FilmOptions } from "../../../contract/film.ts";
import { limits } from "../../../contract/limits.ts";
import { hasVisibleText } from "../../../contract/visible-text.ts";
import { ApiProblem } from "../../shared/api-problem.ts";
import { byId, element, setText } from "../../shared/element.ts";
import { changeDream, createDream, finishDream } from "../api/api.ts";
import { hideNotice, showNotice } from "../notice.ts";
import { watchAddress } from "../route.ts";
import {
  closeEarlierTold,
  endTold,
  isTold,
  sendTold,
  setUpTelling,
  toldSeconds,
  toldTexts,
} from "../tell/tell-view.ts";
import { offerOwnVoice as offerOwn, readChoices, setChoices, setUpChoices } from "./choice-fields.ts";
import { type EarlierDream, finishEarlier, readEarlierDream } from "./earlier-dream.ts";
import { examples } from "./examples.ts";
import { offerNewStoryboard, readNewStoryboard } from "./kept-storyboard.ts";
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
import { hideLoss, setUpLoss, showLoss } from "./show-loss.ts";

const form = byId("dream-form", HTMLFormElement);
const transcript = byId("transcript", HTMLTextAreaElement);
const problem = byId("transcript-problem", HTMLElement);
const button = byId("dream-it", HTMLButtonElement);
/** The dream that is filmed again; null: the form is about a new one. */
let earlier: EarlierDream | null = null;
/** Stored without a film, because the film was refused. The next try films it. */
let unfilmed: string | null = null;

/** Fills the form and connects it. Called once. */
export function setUpCompose(): void {
  addExamples();
  setUpChoices();
  setChoices(recallChoices());
  transcript.value = recallDraft();
  transcript.addEventListener("input", () => {
    if (earlier === null) keepDraft(transcript.value);
    showCount();
  });
  transcript.addEventListener("input", offerOwnVoice);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit();
  });
  form.addEventListener("input", estimate);
  form.addEventListener("change", estimate);
  showCount();
  estimate();
  setUpLoss((words) => {
    transcript.value = words;
    transcript.dispatchEvent(new Event("input", { bubbles: true }));
    transcript.focus();
  });
  void setUpTelling(() => {
    showCount();
    offerOwnVoice();
    estimate();
  });
}

/**
 * Shows the form for a new dream or, with the words and options that it has, for the dream that is filmed
 * again, until `visit` aborts.
 */
export async function showCompose(dreamId: string | null, visit: AbortSignal): Promise<void> {
  const title = byId("compose-title", HTMLElement);
  const back = byId("compose-back", HTMLAnchorElement);
  const isNew = dreamId === null;
  setText(title, isNew ? "What did you dream?" : "Make it again");
  setText(
    byId("compose-lead", HTMLElement),
    isNew
      ? "Tell it or write it down. It becomes a narrated film, and you can watch it while it is being made."
      : "Change the words, or only the look, the shape, the voice or the length. Parts that stay the same are not bought again.",
  );
  setText(byId("write-it", HTMLElement), isNew ? "Or write it down" : "The words");
  byId("examples", HTMLElement).hidden = !isNew;
  back.hidden = isNew;
  problem.hidden = true;
  hideLoss();
  offerNewStoryboard(false);
  if (isNew) return;
  back.href = watchAddress(dreamId);
  title.focus({ preventScroll: true });
  visit.addEventListener("abort", () => {
    earlier = null;
    closeEarlierTold();
    fillIn(recallDraft(), recallChoices());
  });
  try {
    const read = await readEarlierDream(dreamId, visit);
    if (visit.aborted) return;
    earlier = read;
    fillIn(read.written, read.options);
    if (read.refused !== null) selectSentence(read.refused);
    if (read.isStoryboardEdited) offerNewStoryboard(true);
    else if (read.hasRedoneScenes) showLoss(isTold() ? null : read.filmed, read.written);
    if (isTold()) setText(byId("write-it", HTMLElement), "Or add to it in writing");
  } catch (error) {
    if (!visit.aborted) showNotice(error);
  }
}

function fillIn(text: string, options: Partial<FilmOptions>): void {
  transcript.value = text;
  offerOwnVoice();
  setChoices(options);
  showCount();
  estimate();
}

const estimate = () => showEstimate(wholeText(), readChoices());

/** Puts the cursor on a sentence of the text, ready to be typed over. */
function selectSentence(sentence: string): void {
  const at = transcript.value.indexOf(sentence);
  if (at < 0) return;
  transcript.focus();
  transcript.setSelectionRange(at, at + sentence.length);
}

/** What is written, and after it what is told. */
const wholeText = () =>
  [transcript.value, ...toldTexts()].filter((text) => hasVisibleText(text)).join("\n\n");

async function submit(): Promise<void> {
  if (button.disabled || !isWritten()) return;
  const choices = readChoices();
  if (earlier === null) keepChoices(choices);
  hideNotice();
  button.disabled = true;
  setText(button, "Sending…");
  try {
    const dreamId = await finish({ ...choices, ...readNewStoryboard() });
    if (dreamId === null) return;
    keepShape(dreamId, choices.aspect);
    if (choices.voice === "own") keepOwnVoice(dreamId);
    if (earlier === null) {
      transcript.value = "";
      keepDraft("");
      showCount();
      showEstimate("", choices);
    }
    location.hash = watchAddress(dreamId);
  } catch (error) {
    showNotice(error);
  } finally {
    button.disabled = false;
    setText(button, "Dream it");
  }
}

/** Null: a part of the told dream has a problem, which the page shows. */
function finish(choices: Choices): Promise<string | null> {
  if (isTold()) return finishTold(choices);
  return earlier === null ? finishWritten(choices) : finishEarlier(earlier, transcript.value, choices);
}

async function finishWritten(choices: Choices): Promise<string> {
  const text = { transcript: transcript.value };
  const dreamId = unfilmed ?? (await createDream(text)).id;
  if (unfilmed !== null) await changeDream(dreamId, text);
  unfilmed = dreamId;
  await finishDream(dreamId, choices);
  unfilmed = null;
  return dreamId;
}

async function finishTold(choices: Choices): Promise<string | null> {
  const telling = await sendTold();
  if (telling === null) return null;
  // A text of the whole dream replaces those of the parts, so it is sent only if something is or was written.
  if (hasVisibleText(transcript.value + (earlier?.written ?? "")))
    await changeDream(telling.dreamId, { transcript: wholeText() });
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

function showCount(): void {
  form.classList.toggle("told", isTold());
  const chars = [...wholeText()].length;
  const count = byId("count", HTMLOutputElement);
  setText(count, `${chars.toLocaleString("en")} / ${limits.transcriptChars.toLocaleString("en")}`);
  count.classList.toggle("over", chars > limits.transcriptChars);
  if (!problem.hidden) isWritten();
}

/**
 * The recordings can narrate if they are the whole dream and not too long. Those of an earlier dream may be
 * in the service alone.
 */
function offerOwnVoice(): void {
  const seconds = toldSeconds();
  const areWhole = seconds > 0 && seconds <= limits.narratingSeconds && !hasVisibleText(transcript.value);
  const canNarrate =
    areWhole || (earlier?.options.voice === "own" && transcript.value === earlier.written && !isTold());
  offerOwn(canNarrate);
}

function addExamples(): void {
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
}
