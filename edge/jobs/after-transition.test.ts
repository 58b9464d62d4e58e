/** A queue that never answers holds nothing back. */
import { afterEach, expect, it, vi } from "vitest";
import type { Env } from "../env.ts";
import type { Session } from "../store/open.ts";
import { afterTransition } from "./after-transition.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("waits 5 s for a queue that does not answer, and leaves the message to the sweep", async () => {
  vi.useFakeTimers();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const silent = { send: () => new Promise(() => {}) };
  const env = { VIDEO_STANDARD: silent, VIDEO_PREMIUM: silent } as unknown as Env;
  const deferred: unknown[] = [];
  const message = { jobId: "job_1", priority: "standard" as const, delaySeconds: 0 };
  const defer = (work: Promise<unknown>) => void deferred.push(work);
  const context = { env, session: {} as Session, now: Date.now, defer };
  const sent = afterTransition(context, { dreamIds: [], message });
  await vi.advanceTimersByTimeAsync(5_000);
  await sent;
  expect(deferred).toEqual([]);
  expect(JSON.parse(warn.mock.calls[0]?.[0] as string)).toMatchObject({ event: "queue.send_failed" });
});
