import type { KeptStoryboard } from "../../contract/approval.ts";

/**
 * Where a storyboard still has the words that AI providers have refused, as a JSON pointer to the text; null
 * if it has them no more, or none were refused. A member of the cast that no scene shows does not count: the
 * owner cannot change its description here, and can leave it out.
 */
export function findRefused({
  storyboard,
  refused,
}: {
  storyboard: KeptStoryboard;
  refused?: { text: string };
}): { pointer: string; text: string } | null {
  if (refused === undefined) return null;
  const { text } = refused;
  const { title, scenes, cast = [] } = storyboard;
  const places: [pointer: string, text: string][] = [
    ...scenes.flatMap(({ narration, picture }, index): [string, string][] => [
      [`/scenes/${index}/narration`, narration],
      [`/scenes/${index}/picture`, picture],
    ]),
    ["/title", title],
    ...cast.flatMap(({ id, name, description }, index): [string, string][] =>
      scenes.some((scene) => scene.cast?.includes(id))
        ? [[`/cast/${index}/description`, `${name}: ${description}`]]
        : [],
    ),
  ];
  const place = places.find(([, words]) => words.includes(text));
  return place === undefined ? null : { pointer: place[0], text };
}
