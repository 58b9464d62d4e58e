import { expect, it } from "vitest";
import { describeMaking } from "./describe-making.ts";
import { unknownFilm } from "./film-state.ts";

it("tells what is known of the film, each with its name", () => {
  expect(describeMaking(unknownFilm, null).map(([name]) => name)).toEqual(["Cost"]);
  const film = { ...unknownFilm, durationSeconds: 125, language: "de", attempt: 2, warnings: ["A note."] };
  expect(describeMaking({ ...film, timings: { first_scene: 4.06, new_stage: 1 } }, null).slice(1)).toEqual([
    ["Length", "2 min 5 s"],
    ["Language", "German"],
    ["Attempts", "2"],
    ["First scene after", "4.1 s"],
    ["new stage", "1.0 s"],
    ["Note", "A note."],
  ]);
});
