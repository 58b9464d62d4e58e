import { expect, it, vi } from "vitest";
import { AttemptCount, type Verdict } from "./attempt-count.ts";

const limits = { quota: 3, windowMs: 60_000 };
const attemptOf = (verdict: Verdict) => ("attempt" in verdict ? verdict.attempt : null);

function start() {
  vi.useFakeTimers({ now: 1_000_000 });
  return new AttemptCount(limits, Date.now);
}

it("lets as many fail as it may, and tells when the first of them is forgotten", async () => {
  const count = start();
  for (let i = 0; i < 3; i++) {
    count.end(attemptOf(await count.begin()), true);
    vi.advanceTimersByTime(1_000);
  }
  expect(await count.begin()).toEqual({ retryAfterMs: 57_000 });
  vi.advanceTimersByTime(57_000);
  expect(await count.begin()).toMatchObject({ attempt: expect.any(Number) });
});

it("lets no more in at the same moment than may still fail; the others wait for their ends", async () => {
  const count = start();
  const first = await Promise.all([count.begin(), count.begin(), count.begin()]);
  const waiting = [count.begin(), count.begin()];
  count.end(attemptOf(first[0] as Verdict), false);
  expect(attemptOf((await waiting[0]) as Verdict)).toBeGreaterThan(0);
  for (const verdict of first.slice(1)) count.end(attemptOf(verdict), true);
  count.end(attemptOf((await waiting[0]) as Verdict), true);
  expect(await waiting[1]).toEqual({ retryAfterMs: 60_000 });
});

it("does not wait for ever: not for an attempt that never ends, and not for its place", async () => {
  const count = start();
  await Promise.all([count.begin(), count.begin(), count.begin()]);
  const waiting = count.begin();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await waiting).toEqual({ retryAfterMs: 1_000 });
  await vi.advanceTimersByTimeAsync(8_000);
  expect(await count.begin()).toMatchObject({ attempt: expect.any(Number) });
});

it("counts what began elsewhere, and holds no more than the latest failures", async () => {
  const count = start();
  for (let i = 0; i < 100; i++) {
    count.end(null, true);
    vi.advanceTimersByTime(10);
  }
  expect(count.blockedMs()).toBe(60_000 - 30);
});
