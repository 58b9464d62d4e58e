/** What operators do to jobs and stored data, with the admin key. */
import { z } from "zod";
import { PaidCapability } from "./charge.ts";
import { Priority } from "./film.ts";
import { JobStatus } from "./job.ts";

/** Answer of retry, cancel and re-drive of one job. `job_id` of a retry is the new job's. */
export const OpsDone = z.object({ job_id: z.string(), status: JobStatus }).meta({ id: "OpsDone" });
export type OpsDone = z.infer<typeof OpsDone>;

/** POST /admin/ops/holds/{capability}/probe. */
export const OpsProbed = z
  .object({
    capability: PaidCapability,
    held: z.boolean().describe("False: nothing is held, so nothing was done."),
  })
  .meta({ id: "OpsProbed" });
export type OpsProbed = z.infer<typeof OpsProbed>;

/** POST /admin/ops/redrive: new messages for jobs that wait. */
export const OpsRedrive = z
  .strictObject({
    job_ids: z
      .array(z.string().max(64))
      .max(100)
      .optional()
      .describe("Ids of the jobs; without it, all queued jobs."),
    priority: Priority.optional(),
    older_than_seconds: z.int().min(0).default(0).describe("Only jobs that have been queued for longer."),
  })
  .meta({ id: "OpsRedrive" });
export type OpsRedrive = z.infer<typeof OpsRedrive>;

export const OpsRedriven = z.object({ redriven: z.int().min(0) }).meta({ id: "OpsRedriven" });
export type OpsRedriven = z.infer<typeof OpsRedriven>;

/** POST /admin/cleanup. */
export const CleanupRequest = z
  .strictObject({ dry_run: z.boolean().default(true).describe("Only count what would be removed.") })
  .meta({ id: "CleanupRequest" });

/** How many of each kind one run removed, or would remove. A run is bounded, so more may remain. */
export const CleanupReport = z
  .object({
    dry_run: z.boolean(),
    removed: z.record(z.string(), z.int().min(0)),
    has_more: z.boolean(),
    failed: z
      .array(z.string())
      .default([])
      .describe(
        "Kinds of `removed` that ended with an error; the edge's log says which. They are tried again.",
      ),
  })
  .meta({ id: "CleanupReport" });
export type CleanupReport = z.infer<typeof CleanupReport>;
