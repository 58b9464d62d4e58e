/** What is bought of the other capabilities if one is wrongly configured. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Capability } from "../../contract/charge.ts";
import { Rejected } from "../errors.ts";
import { createFirstCalls } from "./first-calls.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wrong = (capability: Capability) =>
  new Rejected(`${capability}.model_unavailable`, "", { aiFault: "configuration" });

/**
 * A film of three scenes whose calls take the milliseconds in `answers`, or fail. Returns what was called,
 * and when.
 */
function film(answers: Record<"picture" | "voice", number | Error>, proven: Capability[] = []) {
  const first = createFirstCalls({
    hasRecentSuccess: (capability) => proven.includes(capability),
    assertConfigured: () => {},
  });
  const ended = new AbortController();
  const startedAt = Date.now();
  const calls: [string, number][] = [];
  const buy = async (capability: "picture" | "voice", scene: number) => {
    const firstCall = first.register(capability, scene);
    await Promise.resolve();
    const call = async () => {
      await firstCall.waitForTurn(ended.signal);
      calls.push([`${capability} ${scene}`, Date.now() - startedAt]);
      const answer = answers[capability];
      // A wrong configuration is answered within a network's round trip.
      await new Promise((resolve) => setTimeout(resolve, typeof answer === "number" ? answer : 200));
      if (typeof answer !== "number") throw answer;
    };
    await call()
      .then(...firstCall.onSettled)
      .catch((error) => ended.abort(error));
  };
  const scenes = [0, 1, 2];
  const end = Promise.all(scenes.flatMap((scene) => [buy("picture", scene), buy("voice", scene)]));
  return { calls, end };
}

describe("the first calls of a film", () => {
  it("buy no picture where it can not be spoken", async () => {
    const { calls, end } = film({ voice: wrong("voice"), picture: 8_000 });
    await vi.runAllTimersAsync();
    await end;
    expect(calls).toEqual([["voice 0", 0]]);
  });

  it("buy one voice where it can not be painted", async () => {
    const { calls, end } = film({ voice: 1_000, picture: wrong("picture") });
    await vi.runAllTimersAsync();
    await end;
    expect(calls.map(([call]) => call)).toEqual(["voice 0", "picture 0", "picture 1", "picture 2"]);
  });

  it("wait for a slow voice for 2 seconds at most, and the other voices for a slow picture for 4", async () => {
    const { calls, end } = film({ voice: 9_000, picture: 30_000 });
    await vi.runAllTimersAsync();
    await end;
    const at = Object.fromEntries(calls);
    expect(at["voice 0"]).toBe(0);
    expect([at["picture 0"], at["picture 2"], at["voice 1"], at["voice 2"]]).toEqual([
      2_000, 2_000, 4_000, 4_000,
    ]);
  });

  it("wait for nothing where both have worked of late", async () => {
    const { calls, end } = film({ voice: 9_000, picture: 30_000 }, ["voice", "picture"]);
    await vi.runAllTimersAsync();
    await end;
    expect(calls.every(([, at]) => at === 0)).toBe(true);
  });
});
