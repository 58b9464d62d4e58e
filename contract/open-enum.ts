import { z } from "zod";

/**
 * An enum in a message whose sender may be newer: text that is none of `known` is read as `fallback`, so that a new value
 * never costs the whole message. What is missing or no text is refused as before.
 */
export const openEnum = <E extends Record<string, string>, F extends E[keyof E]>(
  known: z.ZodEnum<E>,
  fallback: F,
) =>
  z
    .string()
    .meta({ enum: known.options })
    .pipe(known.catch(fallback as never));

/** The same where null is a value, and what unknown text is read as. */
export const openEnumOrNull = <E extends Record<string, string>>(known: z.ZodEnum<E>) =>
  z
    .string()
    .meta({ enum: known.options })
    .nullable()
    .pipe(known.nullable().catch(null as never));
