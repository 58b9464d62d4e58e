import { jobPrefix, quarantineKey } from "../../../contract/storage.ts";
import { deleteSegment } from "../../store/segments/change-segment.ts";
import type { SegmentRow } from "../../store/segments/segments.ts";
import { afterTransition, type JobContext } from "../after-transition.ts";
import { purgeFiles } from "../purge.ts";
import { runStep } from "../run-step.ts";
import { releaseDream } from "./release.ts";

/** How long a client waits for R2 when it deletes a segment. */
const purgeMs = 10_000;

/** Deletes the segment with its text, its job and its files. A transcription that runs is cancelled. */
export async function removeSegment(context: JobContext, segment: SegmentRow): Promise<void> {
  const { env, session, now } = context;
  const workers = await deleteSegment(session, segment, now());
  await afterTransition(context, { dreamIds: [], workers });
  await releaseDream(context, segment.dreamId);
  // D1 has deleted the row and the sweep removes the rest from R2: the request succeeds even if R2 fails.
  const purge = async () => {
    await env.MEDIA.delete(quarantineKey(segment.dreamId, segment.id));
    if (segment.jobId !== null) await purgeFiles(env.MEDIA, jobPrefix(segment.dreamId, segment.jobId));
    return true;
  };
  await runStep(session, "delete_segment", purge, purgeMs);
}
