import type { EditStoryboard } from "../../../contract/approval.ts";

/** The texts of `theirs` that are not `mine`, each with its place. */
export function listDifferences(
  mine: EditStoryboard,
  theirs: EditStoryboard,
): { where: string; text: string }[] {
  const title = mine.title === theirs.title ? [] : [{ where: "Title", text: theirs.title }];
  const scenes = theirs.scenes.flatMap(({ narration, picture }, index) => {
    const own = mine.scenes[index];
    const where = `Scene ${index + 1}`;
    return [
      ...(own?.narration === narration ? [] : [{ where, text: narration }]),
      ...(own?.picture === picture ? [] : [{ where: `${where}, picture`, text: picture }]),
    ];
  });
  const fewer = mine.scenes.length - theirs.scenes.length;
  const gone =
    fewer > 0 ? [{ where: "Scenes", text: `${theirs.scenes.length} instead of ${mine.scenes.length}` }] : [];
  return [...title, ...scenes, ...gone];
}
