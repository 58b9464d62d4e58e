import { z } from "zod";

/**
 * An enum in a message whose sender may be newer: text outside `known` is read as `fallback`, so that a new
 * value never makes the whole message unreadable. A missing value, or one that is not text, is still refused.
 */
export const openEnum = <E extends Record<string, string>, F extends E[keyof E]>(
  known: z.ZodEnum<E>,
  fallback: F,
) =>
  z
    .string()
    .meta({ enum: known.options })
    .pipe(known.catch(fallback as never));

/** The same for an enum that may be null; unknown text is read as null. */
export const openEnumOrNull = <E extends Record<string, string>>(known: z.ZodEnum<E>) =>
  z
    .string()
    .meta({ enum: known.options })
    .nullable()
    .pipe(known.nullable().catch(null as never));
