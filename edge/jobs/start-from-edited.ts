import { ceilingOfStoryboard } from "../../contract/estimate-cost.ts";
import type { FilmOptions } from "../../contract/film.ts";
import type { Prices } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { EditedStoryboard, JobInput } from "../store/request-film.ts";
import { isOwnVoice } from "./is-own-voice.ts";

/** The film that is asked for. */
interface Asked {
  options: FilmOptions;
  /** The dreamer's recordings narrate it. */
  isOwn: boolean;
  prices: Prices;
}

/**
 * The input of a film that starts from a storyboard which the owner has changed; null if what is asked for
 * needs another storyboard.
 */
export function startFromEdited(
  { input: before, title, pronunciations }: EditedStoryboard,
  { options, isOwn, prices }: Asked,
): JobInput | null {
  const { transcript, recordings, storyboard: edited } = before;
  if (edited === undefined || isOwnVoice(before) !== isOwn || !isOfOptions(before.options, options))
    return null;
  const isRenamed = title !== null && title !== before.title;
  const fitting = fitPictures(edited, before.options, options);
  const storyboard = isRenamed ? { ...fitting, title } : fitting;
  return {
    ...{ title, transcript, options, storyboard, is_edited: true, pronunciations },
    ...(recordings && { recordings }),
    at_most_micro_usd: ceilingOfStoryboard(storyboard, options, prices),
  };
}

/** Whether the options ask for no other words than those of an earlier film's storyboard. */
const isOfOptions = (before: FilmOptions, asked: FilmOptions) =>
  before.language === asked.language &&
  before.length_seconds === asked.length_seconds &&
  // A storyboard that names no cast shows none.
  (before.cast || !asked.cast);

/**
 * The storyboard for pictures of these options: where they have another shape, the worker chooses their size.
 */
function fitPictures(storyboard: Storyboard, before: FilmOptions, { aspect, cast }: FilmOptions): Storyboard {
  const { cast: members, ...others } = storyboard;
  const scenes = storyboard.scenes.map(({ cast: shown, picture_size, focus, ...scene }) => ({
    ...scene,
    ...(cast && shown && { cast: shown }),
    ...(aspect === before.aspect && { ...(picture_size && { picture_size }), ...(focus && { focus }) }),
  }));
  return { ...others, ...(cast && members && { cast: members }), scenes };
}
