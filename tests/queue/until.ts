import { setTimeout as sleep } from "node:timers/promises";

/** Asks again and again until there is an answer, and gives it back. @throws when `patienceMs` are over */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  patienceMs = 10_000,
): Promise<T> {
  const endMs = performance.now() + patienceMs;
  while (performance.now() < endMs) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await sleep(20);
  }
  throw new Error(`Gave up waiting until ${what}`);
}
