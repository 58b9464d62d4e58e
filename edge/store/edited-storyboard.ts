/**
 * A storyboard that its owner has changed before it was filmed, whether or not a film came of it: the start
 * of the dream's next film.
 */
import { sql } from "drizzle-orm";
import { pronunciationsOf } from "./settings.ts";
import { countMade } from "./takes.ts";
import { toldText } from "./told-text.ts";

const edited = sql`FROM jobs AS edited WHERE edited.id = dreams.video_job_id
  AND edited.status IN ('completed', 'failed', 'cancelled', 'expired') AND edited.input ->> '$.storyboard' IS NOT NULL
  AND (edited.revision > 1 OR edited.input ->> '$.is_edited')`;

/** SQL condition over `dreams`: there is such a storyboard. */
export const hasEditedStoryboard = sql`EXISTS (SELECT 1 ${edited})`;

/** SQL value over `dreams`: JSON of `EditedStoryboard` (request-film.ts), or NULL. */
export const editedStoryboard = sql`(SELECT json_object('jobId', edited.id, 'input', json(edited.input),
  'isSameText', edited.input ->> '$.transcript' = ${toldText}, 'title', dreams.title,
  'pronunciations', json(${pronunciationsOf(sql`dreams.owner_id`)}), 'made', ${countMade}) ${edited})`;
