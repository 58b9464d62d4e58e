import { expect, it } from "vitest";
import { type CameraMove, CameraMove as moves } from "../../../contract/camera.ts";
import { composeCameras } from "./compose-cameras.ts";

const scene = (move?: CameraMove) => ({
  narration: "I flew.",
  picture: "A person flies",
  picture_take: 0,
  voice_take: 0,
  ...(move && { camera: { move, pace: "usual" as const } }),
});
const compose = (...named: (CameraMove | undefined)[]) =>
  composeCameras({ title: "T", language: "en", scenes: named.map(scene) }).scenes.map(
    ({ camera }) => camera?.move,
  );

it("opens every film with a move that shows the place, and closes it with one that ends", () => {
  for (const first of moves.options)
    for (const last of moves.options) {
      const [opening, closing] = compose(first, last);
      expect(["push_in", "pan", "rise"]).toContain(opening);
      expect(["pull_back", "hold"]).toContain(closing);
    }
  expect(compose("push_in")).toEqual(["pull_back"]);
});

it("keeps the moves that the text model chose, and fills in those that it did not name", () => {
  expect(compose("pan", "hold", "rise", "hold")).toEqual(["pan", "hold", "rise", "hold"]);
  expect(compose(undefined, undefined, undefined, undefined)).toEqual([
    "push_in",
    "pull_back",
    "push_in",
    "pull_back",
  ]);
});
