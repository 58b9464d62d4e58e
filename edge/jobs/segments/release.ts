import { releaseFilms } from "../../store/segments/release-films.ts";
import { afterTransition, type JobContext } from "../after-transition.ts";
import { runStep } from "../run-step.ts";

/** Ends the wait of the dream's film if its segments are transcribed. The sweep repeats it if it fails. */
export async function releaseDream(context: JobContext, dreamId: string): Promise<void> {
  await runStep(context.session, "release_film", () => releaseWaiting(context, dreamId));
}

/** The same for one dream, or with null for all. Gives how many films changed. */
export async function releaseWaiting(context: JobContext, dreamId: string | null): Promise<number> {
  const { dreamIds, owners } = await releaseFilms(context.session, dreamId, context.now());
  if (dreamIds.length > 0) await afterTransition(context, { dreamIds, owners, message: "due" });
  return dreamIds.length;
}
