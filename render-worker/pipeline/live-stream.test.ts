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
    // Node reports unhandled rejections before it runs this.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
