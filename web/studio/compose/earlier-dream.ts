/** A dream that exists: its words and its film's options, to be changed and filmed again. */
import type { FilmOptions } from "../../../contract/film.ts";
import { changeDream, finishDream, readLog, readStatus, readTranscript } from "../api/api.ts";
import { closeEarlierTold, openEarlierTold, toldTexts } from "../tell/tell-view.ts";
import { filmWords } from "./film-words.ts";
import type { Choices } from "./remember-choices.ts";

export interface EarlierDream {
  dreamId: string;
  /** The words for the text field: all, or those that are in no recorded part which this device has. */
  written: string;
  /** Of the newest film; empty if there is none. */
  options: Partial<FilmOptions>;
  /** Its owner has changed the storyboard, from which the new version starts. */
  isStoryboardEdited: boolean;
  /** Scenes of the film were made again, which a new version does not have. */
  hasRedoneScenes: boolean;
  /** The sentence that AI providers refuse, to be changed; null if there is none. */
  refused: string | null;
  /** The words that the film says, if they may differ from the dream's. */
  filmed: string | null;
}

/** Reads the dream, and shows its recorded parts if this device has them. */
export async function readEarlierDream(dreamId: string, signal: AbortSignal): Promise<EarlierDream> {
  const [{ transcript }, { options, redo_scene, storyboard_is_edited, error }, hasParts] = await Promise.all([
    readTranscript(dreamId, signal),
    readStatus(dreamId, signal),
    openEarlierTold(dreamId),
  ]);
  const written = hasParts ? withoutTold(transcript, toldTexts().join("\n\n")) : transcript;
  // The parts' words are somewhere within the text, so they cannot be edited apart from it.
  if (written === null) closeEarlierTold("hidden");
  // An older edge leaves both out.
  const hasRedoneScenes = (redo_scene ?? null) !== null;
  return {
    dreamId,
    written: written ?? transcript,
    options: (options ?? {}) as Partial<FilmOptions>,
    isStoryboardEdited: storyboard_is_edited ?? false,
    hasRedoneScenes,
    refused: error?.passage?.text ?? null,
    filmed: hasRedoneScenes ? filmWords(await readLog(dreamId, signal).catch(() => [])) : null,
  };
}

/** What was written before the told words; null if the text is not that. */
function withoutTold(text: string, told: string): string | null {
  if (text === told) return "";
  return told === "" ? text : text.endsWith(`\n\n${told}`) ? text.slice(0, -told.length - 2) : null;
}

/** Stores the words if they have changed, and requests the film. */
export async function finishEarlier(
  { dreamId, written }: EarlierDream,
  text: string,
  choices: Choices,
): Promise<string> {
  if (text !== written) await changeDream(dreamId, { transcript: text });
  await finishDream(dreamId, choices);
  return dreamId;
}
