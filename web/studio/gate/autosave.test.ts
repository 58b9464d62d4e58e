import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createAutosave } from "./autosave.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("sends what is typed after a pause, and every five seconds where there is none", () => {
  const send = vi.fn();
  const autosave = createAutosave(send);
  autosave.note();
  vi.advanceTimersByTime(899);
  expect(send).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(send).toHaveBeenCalledTimes(1);

  // A key each half a second, for a minute.
  for (let keys = 0; keys < 120; keys++) {
    autosave.note();
    vi.advanceTimersByTime(500);
  }
  expect(send.mock.calls.length).toBeGreaterThanOrEqual(11);
});

it("sends at once what was changed when its field or the page is left, and nothing twice", () => {
  const send = vi.fn();
  const autosave = createAutosave(send);
  autosave.flush();
  expect(send).not.toHaveBeenCalled();
  autosave.note();
  autosave.flush();
  vi.advanceTimersByTime(60_000);
  expect(send).toHaveBeenCalledTimes(1);
  autosave.note();
  autosave.end();
  vi.advanceTimersByTime(60_000);
  expect(send).toHaveBeenCalledTimes(1);
});
