import { expect } from "vitest";
import type { Storyboard } from "../../contract/storyboard.ts";
import { sheetPrompt } from "../../render-worker/pipeline/cast/sheet-prompt.ts";
import { markOfSheet } from "../../simulators/openai/pictures/marks/mark.ts";
import { readMarks } from "../../simulators/openai/pictures/marks/pixels.ts";

/** In the pixels of every picture are exactly the marks of the scene's cast, and of no one else. */
export async function expectMarks(storyboard: Storyboard, pictures: readonly Buffer[]): Promise<void> {
  const members = new Map(storyboard.cast?.map((member) => [member.id, member]));
  const found = await Promise.all(pictures.map(readMarks));
  const expected = storyboard.scenes.map(({ cast = [] }) =>
    cast.map((id) => {
      const member = members.get(id);
      return member && markOfSheet(sheetPrompt(member, "dreamlike"), []);
    }),
  );
  expect(found).toEqual(expected);
}
