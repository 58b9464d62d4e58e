/**
 * What a dream's words are asked before anything is bought. A nightmare may be violent, sad and strange:
 * blocked is only what a picture provider refuses for sure, and what may not be made at all.
 *
 * @source developers.openai.com/api/docs/guides/moderation, read 2026-11-28: the endpoint is free of charge;
 * a category has a score from 0 to 1
 */
import { z } from "zod";

/** The model that is asked; a call costs nothing. */
export const moderationModel = "omni-moderation-latest";

/** A category that ends a film before its first purchase, from this score on. */
export const blockedCategories: Readonly<Record<string, { from: number; because: string }>> = {
  "sexual/minors": { from: 0.2, because: "may not be made at all" },
  sexual: { from: 0.9, because: "picture providers refuse it, and a softened prompt tells another story" },
  "self-harm/instructions": { from: 0.9, because: "providers refuse it" },
};
/*
 * Not blocked: violence, violence/graphic, harassment, hate, illicit, self-harm, self-harm/intent. Dreams
 * tell of such things, the text model is asked for no gore, and a picture that is refused all the same is
 * softened.
 */

/** How long the answer may take; a film does not wait for it longer. */
export const moderationPatienceMs = 4_000;

/** Part of a dream's transcript, in UTF-16 code units, and the SHA-256 of its text in hexadecimal. */
export const Passage = z.object({
  start: z.int().min(0),
  end: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Passage = z.infer<typeof Passage>;
