/**
 * What a film costs: the estimate before it is made, and the bill of what was bought. Money is in US dollars.
 */
import { z } from "zod";
import { ChargedFor } from "./charge.ts";
import { DreamId } from "./dream.ts";
import { FilmOptions } from "./film.ts";
import { limits } from "./limits.ts";
import { text } from "./text.ts";

const usd = z.number().min(0);

/** POST /estimate: the price for a stored dream or for a text. The request has one of the two. */
export const EstimateRequest = z
  .strictObject({
    dream_id: DreamId.optional().describe("One of your dreams; or send its text."),
    transcript: text(limits.transcriptChars).optional(),
    options: FilmOptions.prefault({}),
  })
  .meta({ id: "EstimateRequest" });

export const Estimate = z
  .object({
    scenes: z.int(),
    seconds: z.number().describe("Length of the film."),
    fills_length: z
      .boolean()
      .default(true)
      .describe(
        "False: the dream's words are too few for the length asked for, even with a slower voice and longer " +
          "pauses. The film is more than 8 % shorter, as `seconds` says (up to 20 s, in whole seconds).",
      ),
    shortening: z
      .object({
        unit: z.enum(["words", "characters"]).describe("`characters` in scripts without spaces."),
        has: z.int().describe("How many the dream has."),
        fit: z.int().describe("About how many of them the film says."),
      })
      .nullable()
      .default(null)
      .describe(
        "Not null: the dream has many more words than a film of this length has time for, so the rest is told " +
          "shorter or left out. The film has the warning `dream.shortened`.",
      ),
    cost_usd: usd.describe("Expected cost if no asset of it was bought before."),
    at_most_usd: usd.describe(
      "The most that it costs, if every call breaks off once and is repeated. Without `max_cost_usd` " +
        "nothing is bought beyond this.",
    ),
    by_capability: z.object({ text: usd, picture: usd, voice: usd }),
  })
  .meta({ id: "Estimate" });
export type Estimate = z.infer<typeof Estimate>;

/** One purchase, or one asset that was reused. */
const CostLine = z.object({
  asset: ChargedFor,
  scene: z.int().min(0).nullable().describe("Counted from 0; null for an asset of the whole film."),
  state: z
    .enum(["reserved", "sent", "paid", "unknown", "reused"])
    .describe("`unknown`: the outcome of the call is unknown; it is counted as paid."),
  cost_usd: usd.describe("0 for a reused asset."),
  estimated: z
    .boolean()
    .describe("The provider did not report the cost: `cost_usd` is the most that the call can have cost."),
  saved_usd: usd.describe("What the reused asset cost when it was bought."),
  model: z.string().nullable(),
  request_id: z.string().nullable().describe("The provider's id of the call."),
  tries: z.int().describe("Calls to the provider."),
});
export type CostLine = z.infer<typeof CostLine>;

/** GET /dreams/{did}/cost, of the dream's newest film. */
export const FilmCost = z
  .object({
    dream_id: DreamId,
    job_id: z.string().nullable().describe("Null before a video was requested."),
    lines: z.array(CostLine),
    total_usd: usd.describe("Paid purchases and purchases of unknown outcome."),
    estimated_usd: usd.describe("The part of `total_usd` that no provider has confirmed."),
    reserved_usd: usd.describe("Reserved in the budgets for purchases that are under way."),
    by_capability: z
      .object({
        ...{ text: usd, picture: usd, voice: usd },
        other: usd.default(0).describe("Bought by workers that are newer than the service."),
      })
      .describe("The parts of `total_usd`."),
    reused: z.int().describe("Number of assets that were reused."),
    saved_usd: usd,
    outcome_unknown: z.int().describe("Purchases whose outcome is unknown. They are counted as paid."),
    max_cost_usd: usd.nullable(),
  })
  .meta({ id: "FilmCost" });
export type FilmCost = z.infer<typeof FilmCost>;
