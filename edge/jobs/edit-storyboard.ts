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
