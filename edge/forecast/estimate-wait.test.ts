import { describe, expect, it } from "vitest";
import { estimateWait } from "./estimate.ts";

const film = { etaSeconds: 60, errorSeconds: 10 };
const line = { ahead: 0, others: 0, running: 0, slots: 4 };

describe("the estimated end of a queued job", () => {
  it("is its own film's time where a slot is free", () => {
    expect(estimateWait("standard", line, film)).toEqual({ etaSeconds: 60, errorSeconds: 10 });
  });

  it("grows with those before it and falls with the slots", () => {
    const eta = (ahead: number, slots: number) =>
      estimateWait("standard", { ...line, ahead, slots, running: slots }, film).etaSeconds;
    expect(eta(8, 4)).toBeGreaterThan(eta(4, 4));
    expect(eta(8, 8)).toBeLessThan(eta(8, 4));
    // Twelve before it, three rounds of four; the first is half over: 2.75 rounds and its own film.
    expect(eta(12, 4)).toBe(60 * (13 / 4 - 0.5) + 60);
  });

  it("counts those of the other queue that will be served meanwhile", () => {
    const full = { ...line, running: 4, others: 100 };
    const eta = (priority: "standard" | "premium") => estimateWait(priority, full, film).etaSeconds;
    expect(eta("standard")).toBeGreaterThan(eta("premium"));
    expect(eta("premium")).toBe(estimateWait("premium", { ...full, others: 0 }, film).etaSeconds);
  });

  it("knows that a sleeping pool has to start, and that it is less sure then", () => {
    const asleep = estimateWait("standard", { ...line, slots: 0 }, film);
    expect(asleep.etaSeconds).toBeGreaterThan(60);
    expect(asleep.errorSeconds).toBeGreaterThan(10);
  });
});
