import { describe, expect, it } from "vitest";
import { picturePrompt } from "./picture-prompt.ts";

describe("picturePrompt", () => {
  it("asks for something else at another take, in the same style", () => {
    const prompts = [0, 1, 2].map((picture_take) => picturePrompt({ picture: "a", picture_take }, "ink"));
    expect(new Set(prompts).size).toBe(3);
    expect(new Set(prompts.map((prompt) => prompt.split("\n\n")[1])).size).toBe(1);
  });

  it("ends every prompt of a film with the same look", () => {
    const tail = (picture: string) => picturePrompt({ picture, picture_take: 0 }, "ink").split("\n\n")[1];
    expect(tail("a")).toBe(tail("b"));
    expect(tail("a")).not.toBe(picturePrompt({ picture: "a", picture_take: 0 }, "noir").split("\n\n")[1]);
  });
});
