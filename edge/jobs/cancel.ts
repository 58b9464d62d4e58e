import { ApiError, invalidKey } from "../errors/api-error.ts";
import { cancelActiveJob } from "../store/cancel.ts";
import { readStatus, type StatusRow } from "../store/status.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";

/**
 * Ends the dream's active job and gives the dream's status. A cancelled job may be cancelled again.
 *
 * @throws ApiError `auth.invalid`, `dream.not_found`; `job.not_found` if no film was requested;
 * `job.finished` if the job has already ended otherwise
 */
export async function cancel(context: JobContext, keyHash: string, clientId: string): Promise<StatusRow> {
  const { session, now } = context;
  const cancelled = await cancelActiveJob(session, keyHash, clientId, now());
  const row = await readStatus(session, keyHash, clientId);
  if (row === undefined) throw invalidKey();
  if (row.dream === null) throw new ApiError("dream.not_found");
  if (row.job === null)
    throw new ApiError("job.not_found", { detail: "No video of this dream was requested." });
  if (row.job.status !== "cancelled") throw new ApiError("job.finished");
  await afterTransition(context, { dreamIds: [row.dream.id], ...cancelled });
  return row;
}
