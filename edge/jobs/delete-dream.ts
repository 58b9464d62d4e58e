import { ApiError, invalidKey } from "../errors/api-error.ts";
import { deleteDream as deleteRows, readDream } from "../store/dreams.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { purgeDream } from "./purge.ts";
import { runStep } from "./run-step.ts";

/** How long a client waits for R2 when it deletes a dream. Milliseconds. */
const purgeMs = 10_000;

/**
 * Deletes the dream, its jobs and everything made from it. An active job is cancelled.
 *
 * @throws ApiError `auth.invalid`; `dream.not_found`
 */
export async function deleteDream(context: JobContext, keyHash: string, clientId: string): Promise<void> {
  const { env, session, now } = context;
  const found = await readDream(session, keyHash, clientId);
  if (found === undefined) throw invalidKey();
  if (found.dream === null) throw new ApiError("dream.not_found");
  const { id } = found.dream;
  const cancelled = await deleteRows(session, found.dream, now());
  await afterTransition(context, { dreamIds: [id], ...cancelled });
  // D1 has deleted the dream and the sweep removes the rest from R2: the request succeeds even if R2 fails.
  await runStep(session, "delete_dream", () => purgeDream(env.MEDIA, session, id), purgeMs);
}
