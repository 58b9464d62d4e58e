import { z } from "zod";

/** Text of at most `max` code points: they count what a person would call characters more closely than UTF-16 units do. */
export const text = (max: number) =>
  z
    .string()
    .refine((value) => [...value].length <= max, { error: `must be at most ${max} characters` })
    .refine((value) => value.isWellFormed() && !value.includes("\0"), {
      error: "must be Unicode text without half characters and NUL",
    })
    .meta({ maxLength: max });
