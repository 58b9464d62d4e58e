import { describe, expect, it } from "vitest";
import { estimate } from "./estimate.ts";

const films = (...scenesSeconds: number[]) =>
  scenesSeconds.map((seconds) => ({ scenes: 6, scenesSeconds: seconds, otherSeconds: 6 }));
const job = (progress: number, elapsedSeconds: number, scenesTotal: number | null = 6) => ({
  progress,
  elapsedSeconds,
  scenesTotal,
});

describe("an estimate", () => {
  it("is none while nothing is known", () => {
    expect(estimate([], job(0, 3))).toBeNull();
    expect(estimate([], job(9, 3))).toBeNull();
  });

  it("is what films of before took, at the start", () => {
    expect(estimate(films(54, 54, 54), job(0, 0))?.etaSeconds).toBe(60);
  });

  it("grows with the number of scenes, and only by what scenes take", () => {
    expect(estimate(films(54, 54, 54), job(0, 0, 12))?.etaSeconds).toBe(114);
  });

  it("believes the job's own pace more, the further it is", () => {
    const early = estimate(films(54, 54, 54), job(20, 24))?.etaSeconds ?? 0;
    const late = estimate(films(54, 54, 54), job(80, 96))?.etaSeconds ?? 0;
    expect(early).toBeGreaterThan(48);
    expect(early).toBeLessThan(96);
    expect(late / 24).toBeGreaterThan(0.85);
  });

  it("is the job's own pace where there was no film before", () => {
    expect(estimate([], job(50, 30))?.etaSeconds).toBe(30);
  });

  it("is as wrong as films differ, and less so towards the end", () => {
    const wide = estimate(films(20, 54, 90), job(0, 0))?.errorSeconds ?? 0;
    const narrow = estimate(films(53, 54, 55), job(0, 0))?.errorSeconds ?? 0;
    const end = estimate(films(20, 54, 90), job(90, 54))?.errorSeconds ?? 0;
    expect(wide).toBeGreaterThan(20);
    expect(narrow).toBeLessThan(3);
    expect(end).toBeLessThan(wide / 5);
  });

  it("admits that one film is no measure", () => {
    expect(estimate(films(54), job(0, 0))?.errorSeconds).toBe(30);
  });

  it("never says that it is done", () => {
    expect(estimate(films(54, 54, 54), job(99, 59))?.etaSeconds).toBeGreaterThan(0);
  });
});
