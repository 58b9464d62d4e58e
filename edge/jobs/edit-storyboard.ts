import type { EditStoryboard, KeptStoryboard } from "../../contract/approval.ts";
import { chooseBreath } from "../../contract/breath.ts";
import { endCardSeconds, type FilmOptions } from "../../contract/film.ts";
import { speakingSeconds } from "../../contract/speech-rate.ts";

type Scene = KeptStoryboard["scenes"][number];

/**
 * The storyboard with another title and other scenes. Where it breathes, it breathes by its new words, so
 * that the film stays as near as possible to the length asked for. The picture of a new scene gets the
 * size of the others.
 */
export function editStoryboard(
  storyboard: KeptStoryboard,
  { title, scenes: sent }: EditStoryboard,
  { options }: { options: FilmOptions },
): KeptStoryboard {
  const { picture_size } = storyboard.scenes.find((scene) => scene.picture_size !== undefined) ?? {};
  const scenes = sent.map((scene) => ({
    ...(picture_size !== undefined && { picture_size }),
    ...dropStale(scene, storyboard.scenes),
  }));
  const { breath, language } = storyboard;
  if (breath === undefined) return { ...storyboard, title, scenes };
  const { length_seconds, speed, ambience, end_card } = options;
  const spokenSeconds = scenes.reduce((sum, { narration }) => sum + speakingSeconds(narration, language), 0);
  const narrated = { spokenSeconds, scenes: scenes.length, speed };
  const filled = length_seconds - (end_card ? endCardSeconds : 0);
  return { ...storyboard, title, scenes, breath: chooseBreath(narrated, filled, ambience) };
}

/**
 * The scene without a focus that was found for other words: new words of the picture may place the subject
 * elsewhere. A focus that the request names itself stays.
 */
function dropStale(scene: Scene, before: readonly Scene[]): Scene {
  if (before.some(({ picture }) => picture === scene.picture)) return scene;
  const { focus, ...rest } = scene;
  const isCopied =
    focus !== undefined && before.some((one) => JSON.stringify(one.focus) === JSON.stringify(focus));
  return isCopied || focus === undefined ? rest : scene;
}

/**
 * For a film that recordings narrate: the first scene whose narration is neither that of a scene before, nor
 * that of several which followed each other, in their order; null if there is none.
 */
export function findUnrecorded(before: KeptStoryboard, { scenes }: EditStoryboard): number | null {
  const told = before.scenes.map(({ narration }) => withoutSpaces(narration));
  let next = 0;
  for (const [index, { narration }] of scenes.entries()) {
    const end = findRun(told, next, withoutSpaces(narration));
    if (end === null) return index;
    next = end;
  }
  return null;
}

const withoutSpaces = (text: string) => text.replace(/\s+/gu, "");

/** Where the parts end that make up `text`, from `first` on or later; null if no parts do. */
function findRun(parts: readonly string[], first: number, text: string): number | null {
  for (let start = first; start < parts.length; start++) {
    let run = "";
    for (let end = start; end < parts.length && text.startsWith(run); end++) {
      run += parts[end];
      if (run === text) return end + 1;
    }
  }
  return null;
}
