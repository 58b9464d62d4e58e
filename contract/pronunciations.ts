import { z } from "zod";
import { limits } from "./limits.ts";

/**
 * Words as they are written, or how to say them. Letters, marks and digits with single spaces, hyphens and
 * apostrophes between: nothing that a voice's instructions could be made of.
 */
const words = /^[\p{L}\p{M}\p{N}]+(?:[ '’-][\p{L}\p{M}\p{N}]+){0,3}$/u;

const Spelling = z
  .string()
  .max(limits.pronunciationChars)
  .refine((spelling) => words.test(spelling), {
    error: "must be one to four words of letters, marks and digits",
  });

/** How a voice says words that it would say wrongly: the word and its respelling. Case does not count. */
export const Pronunciations = z
  .record(Spelling, Spelling)
  .refine((all) => Object.keys(all).length <= limits.pronunciations, {
    error: `must have at most ${limits.pronunciations} words`,
  });
export type Pronunciations = z.infer<typeof Pronunciations>;
