/** How the one who dreams looks in all pictures of a film. */
import { chanceOf } from "../chance.ts";
import { findConcepts } from "../text/find-concepts.ts";

/** Words by which a narration is about its teller. */
export const firstPerson =
  /(?:^|[^\p{L}])(?:i|me|we|us|ich|mich|mir|wir|uns|je|j['’]\p{L}+|moi|nous|yo|me|nosotros|io|mi|noi|eu|nós|я|меня|мне|мы|нас|אני|أنا|मैं|मैंने)(?![\p{L}])|[我私僕俺]|나는|내가/iu;

/** How the painter dresses the people that a dream names. */
const namedLooks: Record<string, string> = {
  man: "short hair and a grey coat",
  woman: "long hair and a pink coat",
  child: "short hair and a yellow coat",
};

/**
 * How the dreamer looks in all pictures of a film. In a dream that nobody tells of himself, "he" is the person named
 * first, and looks like that in every picture.
 */
export function describeDreamer(film: string): string {
  const named = firstPerson.test(film) ? undefined : findConcepts(film).find((name) => namedLooks[name]);
  if (named) return `The dreamer has ${namedLooks[named]}.`;
  const chance = chanceOf(`dreamer ${film}`);
  const hair = chance.pick(["long", "short"]);
  return `The dreamer has ${hair} hair and a ${chance.pick(["blue", "red", "green", "purple", "brown", "grey"])} coat.`;
}
