import { describe, expect, it } from "vitest";
import { createFilmMarks, originOf } from "./mark-film.ts";

const providers = { text: { model: "text-1" } };
const scene = { pictureModel: "picture-1", voiceModel: "voice-1", isRecorded: false };

describe("a film's origin", () => {
  it("names each model once", () => {
    const origin = originOf([scene, scene, { ...scene, voiceModel: "voice-2" }], { providers });
    expect(origin).toEqual({
      models: { text: ["text-1"], picture: ["picture-1"], voice: ["voice-1", "voice-2"] },
      hasOtherParts: false,
    });
  });

  it.each([
    ["a placeholder", { ...scene, pictureModel: null }],
    ["a person's recording", { ...scene, voiceModel: null, isRecorded: true }],
  ])("has other parts with %s", (_, other) => {
    expect(originOf([scene, other], { providers })).toMatchObject({ hasOtherParts: true });
  });

  it("has no other parts in a silent film", () => {
    const origin = originOf([{ ...scene, voiceModel: null }], { providers });
    expect(origin).toMatchObject({ models: { voice: [] }, hasOtherParts: false });
  });
});

describe("the marks of a film", () => {
  it("publish the signed copies, and tell its owner once of files that stay unmarked", async () => {
    const warned: string[] = [];
    let isSigning = true;
    const marks = createFilmMarks(async () => (isSigning ? "signed" : "failed"), {
      warn: (code) => warned.push(code),
    });
    const origin = originOf([scene], { providers });
    expect(await marks.mark("poster", origin, "poster")).toBe("poster-signed");
    expect(marks.areComplete).toBe(true);
    isSigning = false;
    expect(await marks.mark("preview", origin, "preview.mp4")).toBe("preview.mp4");
    expect(await marks.mark("film", origin, "film.mp4")).toBe("film.mp4");
    expect(marks.areComplete).toBe(false);
    expect(warned).toEqual(["credentials.missing"]);
  });
});
