import { expect, it } from "vitest";
import { startsOfScenes } from "./player.ts";

it("counts a scene of several pieces once, from its first", () => {
  const names = ["0.m4s", "0-1.m4s", "1.m4s", "2.m4s", "2-1.m4s", "2-2.m4s"];
  const pieces = names.map((relurl, at) => ({ relurl, start: at * 4 }));
  expect(startsOfScenes(pieces)).toEqual([0, 8, 12]);
});
