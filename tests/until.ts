import { setTimeout as sleep } from "node:timers/promises";

/** Long enough for a machine under load. A wait this long means that the condition never comes. */
const giveUpMs = 100_000;

/**
 * Asks again and again until the answer fits, and returns that answer. Without `fits`, an answer fits unless
 * it is undefined, null or false. The pauses grow from 10 to 250 ms, because most answers cost an HTTP
 * request.
 * @throws Error after `forMs`, with the condition's source text and the last answer
 */
export async function until<T>(ask: () => T | Promise<T>): Promise<NonNullable<Exclude<T, false>>>;
export async function until<T>(
  ask: () => T | Promise<T>,
  fits: (answer: T) => boolean,
  forMs?: number,
): Promise<T>;
export async function until<T>(ask: () => T | Promise<T>, fits?: (answer: T) => boolean, forMs = giveUpMs) {
  const startMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (fits ? fits(answer) : answer !== undefined && answer !== null && answer !== false) return answer;
    const waitedMs = performance.now() - startMs;
    if (waitedMs > forMs)
      throw new Error(`After ${forMs} ms not yet: ${fits ?? ask}; last answer: ${JSON.stringify(answer)}`);
    await sleep(Math.min(250, 10 + waitedMs / 20));
  }
}
