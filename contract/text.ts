import { z } from "zod";

/**
 * Text of at most `max` code points. Code points are closer to what people call characters than UTF-16 units.
 */
export const text = (max: number) =>
  z
    .string()
    .refine((value) => [...value].length <= max, { error: `must be at most ${max} characters` })
    .refine((value) => value.isWellFormed() && !value.includes("\0"), {
      error: "must be Unicode text without unpaired surrogates and NUL",
    })
    .meta({ maxLength: max });
