/**
 * Stores the last options, the draft, and each film's shape, which the page needs before the first picture.
 */
import type { Aspect, FilmOptions } from "../../../contract/film.ts";

export type Choices = Pick<FilmOptions, "style" | "aspect" | "captions" | "voice" | "length_seconds">;

const choicesName = "dreamreel.choices";
const draftName = "dreamreel.draft";
const shapeName = (dreamId: string) => `dreamreel.shape.${dreamId}`;

export const recallChoices = (): Partial<Choices> => {
  try {
    return JSON.parse(localStorage.getItem(choicesName) ?? "{}") as Partial<Choices>;
  } catch {
    return {};
  }
};
export const keepChoices = (choices: Choices) => localStorage.setItem(choicesName, JSON.stringify(choices));

/** The draft is stored per tab, so a reload keeps it. */
export const recallDraft = () => sessionStorage.getItem(draftName) ?? "";
export const keepDraft = (text: string) => sessionStorage.setItem(draftName, text);

export const recallShape = (dreamId: string) => localStorage.getItem(shapeName(dreamId)) as Aspect | null;
export const keepShape = (dreamId: string, aspect: Aspect) =>
  localStorage.setItem(shapeName(dreamId), aspect);
export const forgetShape = (dreamId: string) => localStorage.removeItem(shapeName(dreamId));
