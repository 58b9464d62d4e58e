import { describe, expect, it } from "vitest";
import { curtainText, describeOutage, describeProgress } from "./describe-progress.ts";
import { blankScene, type FilmState, unknownFilm } from "./film-state.ts";
import { followEta } from "./follow-eta.ts";

const working = {
  ...unknownFilm,
  status: "processing",
  stage: "scenes",
  scenesTotal: 6,
  scenesReady: 2,
} as const;

const told = (seconds: number, errorSeconds: number, film: FilmState = working) =>
  describeProgress(film, 0, followEta(null, { seconds, errorSeconds }, 0), 0);

describe("describeProgress", () => {
  it.each([
    [61.4, 17.2, "2 of 6 scenes ready · about 60 s ± 15 s left"],
    [8.4, 2.6, "2 of 6 scenes ready · about 8 s ± 3 s left"],
    [8.4, 0.2, "2 of 6 scenes ready · about 8 s left"],
    [200, 44, "2 of 6 scenes ready · about 3 min 15 s ± 45 s left"],
    [1, 9, "2 of 6 scenes ready · a few seconds left"],
    [20, 25, "2 of 6 scenes ready · at most 45 s left"],
  ])("rounds %f s ± %f s to the accuracy of the estimate", (seconds, errorSeconds, detail) => {
    expect(told(seconds, errorSeconds).detail).toBe(detail);
  });

  it("counts the scenes that play before they are sharp", () => {
    const sharpening = { ...working, scenesReady: 0, playable: true };
    expect(describeProgress(sharpening, 3).detail).toBe("3 of 6 scenes ready");
    expect(describeProgress(sharpening, 0).detail).toBe("");
    expect(describeProgress({ ...sharpening, playable: false }, 0).detail).toBe("0 of 6 scenes ready");
  });

  it("counts one scene as one", () => {
    expect(describeProgress({ ...working, scenesTotal: 1, scenesReady: 0 }).detail).toBe(
      "0 of 1 scene ready",
    );
  });

  it("gives no time when none is known", () => {
    expect(describeProgress(working)).toEqual({
      headline: "Painting and narrating",
      detail: "2 of 6 scenes ready",
    });
  });

  it("tells apart a film that was cancelled and one that was not approved in time, and what a new try starts from", () => {
    const ended = (status: "cancelled" | "expired" | "completed", isStoryboardEdited = false) =>
      describeProgress({ ...unknownFilm, jobId: "j", status, isStoryboardEdited });
    expect(ended("cancelled").headline).toBe("Cancelled");
    expect(ended("expired").headline).toBe("Not made: the storyboard was not approved in time");
    expect(ended("expired").detail).not.toContain("storyboard");
    expect(ended("expired", true).detail).toContain("starts from the storyboard that you changed");
    expect(ended("completed", true).detail).toBe("");
  });

  it("says that no machine runs", () => {
    const queued = { ...unknownFilm, status: "queued" } as const;
    expect(describeProgress(queued).headline).toBe("Waiting for a free machine");
    expect(describeProgress({ ...queued, hasNoMachine: true })).toEqual({
      ...{ headline: "No machine is running. The film begins when one is", detail: "" },
    });
  });

  it("says over the picture what its scene tells, else the step, and never why the film waits", () => {
    const waiting = { ...unknownFilm, status: "queued" } as const;
    expect(curtainText(waiting, null)).toBe("Waiting for a free machine");
    expect(curtainText({ ...waiting, held: "There is no credit." }, null)).toBe("Your film waits");
    expect(curtainText({ ...waiting, hasNoMachine: true }, null)).toBe("Your film waits");
    const scenes = ["I flew.", "I fell."].map((narration) => ({ ...blankScene, narration }));
    expect(curtainText({ ...waiting, held: "There is no credit.", scenes }, 1)).toBe("I fell.");
    expect(curtainText({ ...waiting, status: "failed" }, null)).toBe("");
  });

  it("names the scene that is made again, and counts none", () => {
    const redo = { ...working, scenesReady: 0, redoScene: 1 };
    expect(told(8, 0, redo)).toEqual({ headline: "Making scene 2 again", detail: "about 8 s left" });
    expect(describeProgress({ ...redo, stage: "storyboard" }).headline).toBe("Making scene 2 again");
    expect(describeProgress({ ...redo, stage: "film" }).headline).toBe("Joining the scenes");
  });

  it("says what is away, and of a film only what is known", () => {
    expect(describeOutage(working, false)).toBe(
      "You are offline. The film is still being made. This page continues when the connection is back.",
    );
    expect(describeOutage(unknownFilm, true)).toBe(
      "The service does not answer. This page continues when the service is back.",
    );
  });

  it("has no detail when the film is ready", () => {
    expect(told(3, 1, { ...working, status: "completed" })).toEqual({
      headline: "Your film is ready",
      detail: "",
    });
  });
});
