import { expect, it } from "vitest";
import { describeShortening, findShortening } from "./shortening.ts";

const options = { length_seconds: 180, language: "auto", speed: 1 };
const sentence = "One thing happened after another in my dream, and I saw it all. ";

it("says how many of a long dream's words fit the longest film", () => {
  const long = sentence.repeat(265);
  expect(long.length).toBeGreaterThan(16_900);
  const shortening = findShortening(long, options);
  expect(shortening).toMatchObject({ unit: "words", has: 265 * 13 });
  expect(shortening?.fit).toBeGreaterThan(400);
  expect(shortening?.fit).toBeLessThan(650);
  expect(shortening && describeShortening(shortening, 180)).toMatch(
    /^The dream has 3,445 words, and a film of 180 s has room for about \d{3}: .* No film is longer\.$/,
  );
});

it("says nothing of a dream that fits, or that is told only a little shorter", () => {
  expect(findShortening(sentence, options)).toBeNull();
  const fit = findShortening(sentence.repeat(265), options)?.fit as number;
  const times = (factor: number) => sentence.repeat(Math.round((factor * fit) / 13));
  expect(findShortening(times(1.3), options)).toBeNull();
  expect(findShortening(times(1.7), options)).not.toBeNull();
});

it("counts characters where a script has no spaces, and fits more in at a faster pace", () => {
  const long = "我在一座玻璃城市上空飞翔，每扇窗都有不同的季节。".repeat(100);
  const slow = findShortening(long, { ...options, length_seconds: 30 });
  const fast = findShortening(long, { ...options, length_seconds: 30, speed: 1.3 });
  expect(slow).toMatchObject({ unit: "characters", has: 2_400 });
  expect(fast?.fit).toBeGreaterThan(slow?.fit as number);
  expect(slow && describeShortening(slow, 30)).toContain("Choose a longer film to keep more.");
});
