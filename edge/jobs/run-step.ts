import { addToCounter } from "../store/counters.ts";
import { reasonOf, type Session } from "../store/open.ts";

/**
 * A longer step is abandoned: above the 20 s of two rounds of wakes and the 15 s of a clean-up. Milliseconds.
 */
const stepMs = 30_000;

/**
 * Runs one step of a sweep or clean-up. Never throws: a step that fails or takes longer than `forMs` is
 * logged and counted (`sweep_failed`), and the next step runs. Null: the step failed.
 */
export async function runStep<T>(
  session: Session,
  step: string,
  work: () => Promise<T>,
  forMs: number = stepMs,
): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took more than ${forMs / 1000} s`)), forMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    console.error(JSON.stringify({ event: "sweep.step_failed", step, reason: reasonOf(error) }));
    await session.run(addToCounter("sweep_failed", step, 1)).catch(() => {
      // D1 does not answer: only the log line remains.
    });
    return null;
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}
