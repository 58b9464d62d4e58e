import { expect, it } from "vitest";
import type { WaitingStoryboard } from "../../../contract/approval.ts";
import { addScene, changeScene, draftOf, editOf } from "./draft.ts";

it("gives a scene that is added at the gate members of the cast, and takes them from another", () => {
  const member = { id: "g", kind: "person" as const, name: "Grandmother", description: "An old woman" };
  const scene = { narration: "A.", picture: "A.", picture_take: 0, voice_take: 0, cast: ["g"] };
  const draft = draftOf({
    ...{ revision: 1, at: "storyboard", expires_at: "2026-12-05T00:00:00.000Z", title: "T", language: "en" },
    ...{ cast: [member], scenes: [scene], picture_urls: [null] },
    price: { spent_usd: 0, expected_usd: 0, at_most_usd: 0 },
  } as WaitingStoryboard);
  const added = changeScene(addScene(draft), 1, { narration: "B.", cast: ["g"] });
  const { scenes } = editOf(changeScene(added, 0, { cast: [] }));
  expect(scenes.map(({ cast }) => cast)).toEqual([[], ["g"]]);
  expect(added.cast).toEqual([member]);
});
