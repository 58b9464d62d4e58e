import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../http/access.ts";
import { cancelActiveJob } from "../store/cancel.ts";
import type { Session } from "../store/open.ts";
import { readStatus, type StatusRow } from "../store/status.ts";

/**
 * Ends the dream's active job. A cancelled job may be cancelled again. `owners`: whose webhooks have a message about it.
 *
 * @throws ApiError `job.not_found` where no film was asked for, `job.finished` where it came to another end
 */
export async function cancel(
  session: Session,
  keyHash: string,
  clientId: string,
  nowMs: number,
): Promise<{ row: StatusRow; owners: string[] }> {
  const owners = await cancelActiveJob(session, keyHash, clientId, nowMs);
  const row = await readStatus(session, keyHash, clientId);
  if (row === undefined) throw invalidKey();
  if (row.dream === null) throw new ApiError("dream.not_found");
  if (row.job === null)
    throw new ApiError("job.not_found", { detail: "No video of this dream was requested." });
  if (row.job.status !== "cancelled") throw new ApiError("job.finished");
  return { row, owners };
}
