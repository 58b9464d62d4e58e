import { sql } from "drizzle-orm";

/** The warnings of a scene that was painted without AI. */
const codes = JSON.stringify(["refused", "failed", "unusable", "over_budget"].map((why) => `picture.${why}`));

/** SQL value over `jobs`: JSON of the scenes that the job's newest attempt has painted without AI. */
export const placeholdersOfJob = sql<string>`(SELECT json_group_array(data -> '$.scene') FROM events
  WHERE events.job_id = jobs.id AND events.attempt = jobs.attempt AND events.type = 'job.warning'
    AND data ->> '$.code' IN (SELECT value FROM json_each(${codes})))`;
