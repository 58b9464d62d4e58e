import { setTimeout as sleep } from "node:timers/promises";

/** Long enough for a machine under load. A wait this long means that the condition never comes. */
const giveUpMs = 100_000;

/**
 * Asks every few milliseconds until the answer fits, and returns that answer. Without `fits`, an answer fits
 * unless it is undefined, null or false.
 * @throws Error after `forMs`, with the condition's source text and the last answer
 */
export async function until<T>(ask: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>>;
export async function until<T>(
  ask: () => T | Promise<T>,
  fits: (answer: T) => boolean,
  forMs?: number,
): Promise<T>;
export async function until<T>(ask: () => T | Promise<T>, fits?: (answer: T) => boolean, forMs = giveUpMs) {
  const endMs = performance.now() + forMs;
  for (;;) {
    const answer = await ask();
    if (fits ? fits(answer) : answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > endMs)
      throw new Error(`After ${forMs} ms not yet: ${fits ?? ask}; last answer: ${JSON.stringify(answer)}`);
    await sleep(10);
  }
}
