import { lexicon } from "../text/lexicon.ts";

/** How a prompt says each concept. */
export const phrases = new Map(lexicon.map(({ name, phrase }) => [name, phrase]));
