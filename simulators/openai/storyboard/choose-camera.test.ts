import { expect, it } from "vitest";
import { chooseCameras } from "./choose-camera.ts";

it("chooses the camera by what a narration tells", () => {
  const told = [
    "There was a city by the sea.",
    "I was falling through the clouds.",
    "Then I flew over the roofs.",
    "I ran along the street.",
    "She looked at me.",
    "I stood there in silence.",
    "And I was falling again.",
  ];
  expect(chooseCameras(told).map(({ move, pace }) => `${move} ${pace}`)).toEqual([
    "pan slow",
    "pull_back quick",
    "rise usual",
    "pan quick",
    "push_in slow",
    "hold slow",
    "pull_back usual",
  ]);
});
