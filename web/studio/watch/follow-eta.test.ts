import { expect, it } from "vitest";
import { describeProgress } from "./describe-progress.ts";
import { unknownFilm } from "./film-state.ts";
import { followEta, type ToldEta } from "./follow-eta.ts";

const film = { ...unknownFilm, status: "processing", stage: "scenes" } as const;
const detail = (told: ToldEta | null, nowMs: number) => describeProgress(film, 0, told, nowMs).detail;

/** What the page shows after each of the estimates, one a second. */
function tell(estimates: readonly (readonly [seconds: number, errorSeconds: number])[]): string[] {
  let told: ToldEta | null = null;
  return estimates.map(([seconds, errorSeconds], second) => {
    told = followEta(told, { seconds, errorSeconds }, second * 1_000);
    return detail(told, second * 1_000);
  });
}

it("counts down while the estimates creep up", () => {
  expect(
    tell([
      [40, 5],
      [40, 5],
      [41, 5],
      [42, 5],
      [42, 5],
      [36, 5],
    ]),
  ).toEqual([
    ...["about 40 s ± 5 s left", "about 40 s ± 5 s left", "about 40 s ± 5 s left"],
    ...["about 35 s ± 5 s left", "about 35 s ± 5 s left", "about 35 s ± 5 s left"],
  ]);
});

it("says that it takes longer when the time goes up", () => {
  const [, later, after] = tell([
    [30, 3],
    [55, 3],
    [54, 3],
  ]);
  expect(later).toBe("a little longer than thought: about 55 s ± 5 s left");
  expect(after).toBe("a little longer than thought: about 55 s ± 5 s left");
});

it("no longer says so once the end that was told first holds again", () => {
  const told = tell([
    [30, 3],
    [55, 3],
    [40, 3],
    [20, 3],
  ]);
  expect(told.slice(2)).toEqual([
    "a little longer than thought: about 40 s ± 5 s left",
    "about 20 s ± 3 s left",
  ]);
});

it("calls no latest end a delay that the told error includes", () => {
  expect(
    tell([
      [80, 39],
      [75, 43],
    ]),
  ).toEqual(["about 80 s ± 40 s left", "about 80 s ± 40 s left"]);
});

it("keeps the told end when an estimate is only less certain", () => {
  expect(
    tell([
      [20, 8],
      [17, 12],
    ]),
  ).toEqual(["about 20 s ± 8 s left", "about 19 s ± 8 s left"]);
});

it("never shows a higher number than before without the reason, whatever the estimates are", () => {
  let state = 7;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let film = 0; film < 300; film++) {
    const estimates = Array.from({ length: 40 }, (_, second) => {
      const left = Math.max(1, 45 - second) * (0.6 + random());
      return [left, left * random()] as const;
    });
    let before = Number.POSITIVE_INFINITY;
    for (const text of tell(estimates)) {
      const [, minutes = "0", seconds = "0"] =
        /(?:(\d+) min ?)?(?:(\d+) s)?/.exec(text.replace(/^\D+/, "")) ?? [];
      const shown = text.includes("a few seconds") ? 0 : Number(minutes) * 60 + Number(seconds);
      const isLonger = text.startsWith("a little longer");
      if (shown > before) expect(isLonger, `${text} after ${before} s`).toBe(true);
      before = shown;
    }
  }
});
