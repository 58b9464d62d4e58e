import { describe, expect, it } from "vitest";
import type { FilmContext } from "./film-context.ts";
import { LiveStream } from "./live-stream.ts";

describe("LiveStream", () => {
  it("leaves a scene's failure to renderScene", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const failing = Promise.reject(new Error("cancelled in the middle of its picture"));
    new LiveStream({} as FilmContext, { frames: [failing.then(() => 16)], language: "en" });
    await failing.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
