/**
 * Stores the last options, the draft, and each film's shape, which the page needs before the first picture.
 */
import type { Aspect, FilmOptions } from "../../../contract/film.ts";

export type Choices = Pick<
  FilmOptions,
  | "style"
  | "aspect"
  | "captions"
  | "voice"
  | "speed"
  | "ambience"
  | "cast"
  | "length_seconds"
  | "title_card"
  | "end_card"
  | "pause_after"
>;

const choicesName = "dreamreel.choices";
const draftName = "dreamreel.draft";
const ownVoiceName = (dreamId: string) => `dreamreel.own-voice.${dreamId}`;
const shapeName = (dreamId: string) => `dreamreel.shape.${dreamId}`;

/** The options that were stored last; empty if there are none or they are not readable. */
export const recallChoices = (): Partial<Choices> => {
  try {
    return JSON.parse(localStorage.getItem(choicesName) ?? "{}") as Partial<Choices>;
  } catch {
    return {};
  }
};

/** Stores the options in this browser. @throws DOMException if its storage is full */
export const keepChoices = (choices: Choices) => localStorage.setItem(choicesName, JSON.stringify(choices));

/** The draft is stored per tab, so a reload keeps it. */
export const recallDraft = () => sessionStorage.getItem(draftName) ?? "";

/** Stores the draft for this tab. @throws DOMException if the browser's storage is full */
export const keepDraft = (text: string) => sessionStorage.setItem(draftName, text);

/** The shape of the dream's film; null if this browser did not request it. */
export const recallShape = (dreamId: string) => localStorage.getItem(shapeName(dreamId)) as Aspect | null;

/** Stores the shape of the dream's film in this browser. @throws DOMException if the storage is full */
export const keepShape = (dreamId: string, aspect: Aspect) =>
  localStorage.setItem(shapeName(dreamId), aspect);

/** Removes what is stored about a dream that was deleted. */
export const forgetShape = (dreamId: string) => {
  localStorage.removeItem(shapeName(dreamId));
  localStorage.removeItem(ownVoiceName(dreamId));
};

/** Notes that the dream's recordings narrate its film. @throws DOMException if the storage is full */
export const keepOwnVoice = (dreamId: string) => localStorage.setItem(ownVoiceName(dreamId), "1");

/** Whether the dream's recordings narrate its film. */
export const recallOwnVoice = (dreamId: string) => localStorage.getItem(ownVoiceName(dreamId)) !== null;
