import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Poison, Transient } from "../errors.ts";
import { backoffMs, retryTransient } from "./retry.ts";

const policy = { tries: 3, baseDelayMs: 1, maxDelayMs: 5 };
const never = new AbortController().signal;

function failing(times: number, error: Error) {
  let calls = 0;
  return {
    get calls() {
      return calls;
    },
    work: async () => {
      if (++calls <= times) throw error;
      return "done";
    },
  };
}

describe("retryTransient", () => {
  it("tries again while the error may pass", async () => {
    const task = failing(2, new Transient("x.y", ""));
    expect(await retryTransient(policy, never, task.work)).toBe("done");
    expect(task.calls).toBe(3);
  });

  it("gives up after the last try, with the error itself", async () => {
    const task = failing(9, new Transient("x.y", ""));
    await expect(retryTransient(policy, never, task.work)).rejects.toMatchObject({ code: "x.y" });
    expect(task.calls).toBe(3);
  });

  it("does not repeat what can never work", async () => {
    const task = failing(9, new Poison("x.y", ""));
    await expect(retryTransient(policy, never, task.work)).rejects.toBeInstanceOf(Poison);
    expect(task.calls).toBe(1);
  });

  it("does not sit through a wait longer than its longest pause", async () => {
    const task = failing(9, new Transient("x.y", "", { retryAfterMs: 60_000 }));
    await expect(retryTransient(policy, never, task.work)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(task.calls).toBe(1);
  });

  it("throws the signal's reason when it is stopped between tries", async () => {
    const stop = new AbortController();
    const reason = new Error("stop");
    const slow = { tries: 9, baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const running = retryTransient(slow, stop.signal, failing(9, new Transient("x.y", "")).work);
    await turn();
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
  });
});

describe("backoffMs", () => {
  it("doubles up to its limit, with full jitter", () => {
    const wide = { tries: 9, baseDelayMs: 100, maxDelayMs: 350 };
    expect([1, 2, 3, 4].map((n) => backoffMs(wide, n, () => 1))).toEqual([100, 200, 350, 350]);
    expect(backoffMs(wide, 4, () => 0)).toBe(0);
  });
});
