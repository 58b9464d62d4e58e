/** The mood of a film's ambience, by the words of its picture prompts, which are English in every film. */
import type { VisualStyle } from "../../../contract/film.ts";

/** The harmony of the whole film. */
export type Mood = "calm" | "wonder" | "dark";
/** The noise of one scene's place. */
export type Texture = "water" | "wind" | "night" | "room";

const moodWords: Record<Mood, RegExp> = {
  dark: /\b(?:dark\w*|shadow\w*|fear\w*|storm\w*|grave\w*|blood\w*|ghost\w*|monster\w*|ruin\w*|cold|black|grey|fog\w*|gloom\w*|fall\w*|chas\w*|burn\w*|death|dead|dying|pale|horror)\b/giu,
  calm: /\b(?:sun\w*|warm\w*|gold\w*|garden\w*|meadow\w*|smil\w*|child\w*|bright\w*|soft\w*|gentle|spring|flower\w*|mother|grandmother|morning|bread|kitchen|home|laugh\w*)\b/giu,
  wonder:
    /\b(?:fl[yie]\w*|float\w*|star\w*|moon\w*|glass|silver|city|cities|ladder|angel\w*|tower\w*|sea|ocean\w*|whale\w*|light\w*|glow\w*|door\w*|sky|huge|endless|dream\w*)\b/giu,
};
const textureWords: Record<Exclude<Texture, "room">, RegExp> = {
  water:
    /\b(?:water\w*|sea|seas|ocean\w*|rivers?|lakes?|rain\w*|waves?|boats?|ships?|fish\w*|whales?|swim\w*|shores?|beach\w*|harbou?rs?|under\s?water)\b/giu,
  wind: /\b(?:sky|skies|fl[yie]\w*|wind\w*|clouds?|mountains?|snow\w*|deserts?|hills?|birds?|towers?|roofs?|fields?|storm\w*|ladders?|cliffs?)\b/giu,
  night:
    /\b(?:night\w*|moon\w*|stars?|forests?|trees?|woods?|gardens?|meadows?|grass\w*|dusk|evening|camp\w*)\b/giu,
};

const count = (text: string, words: RegExp) => text.match(words)?.length ?? 0;

/** The name whose words are the most frequent; `otherwise` if none is there. The first wins a tie. */
function mostFrequent<K extends string>(text: string, words: Record<K, RegExp>, otherwise: K): K {
  let best: { name: K; hits: number } = { name: otherwise, hits: 0 };
  for (const [name, pattern] of Object.entries(words) as [K, RegExp][]) {
    const hits = count(text, pattern);
    if (hits > best.hits) best = { name, hits };
  }
  return best.name;
}

/** The mood of a film whose scenes have these picture prompts. */
export const chooseMood = (pictures: readonly string[], style: VisualStyle): Mood =>
  style === "noir" ? "dark" : mostFrequent(pictures.join(" "), moodWords, "wonder");

/** The texture of the scene with this picture prompt. */
export const chooseTexture = (picture: string): Texture =>
  mostFrequent<Texture>(picture, { ...textureWords, room: /(?!)/u }, "room");
