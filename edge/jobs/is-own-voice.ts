import type { JobInput } from "../store/request-film.ts";

/** The dreamer's own voice narrates, so no voice is bought. */
export const isOwnVoice = ({ options, recordings = [] }: JobInput) =>
  options.voice === "own" || recordings.length > 0;
