import { describe, expect, it } from "vitest";
import type { WaitingStoryboard } from "../../../contract/approval.ts";
import {
  addScene,
  changeScene,
  describeUnsaved,
  draftOf,
  editOf,
  faultAfter,
  faultAt,
  faultOf,
  mergeWithNext,
  moveScene,
  removeScene,
  takeStored,
} from "./draft.ts";
import { listDifferences } from "./list-differences.ts";

const scene = (name: string) => ({
  ...{ narration: `${name} is told.`, picture: `${name} is shown.`, picture_take: 0, voice_take: 0 },
  mood: name,
});
const storyboard: WaitingStoryboard = {
  ...{ revision: 1, at: "pictures", expires_at: "2026-12-05T00:00:00.000Z", title: "T", language: "en" },
  scenes: ["A", "B", "C"].map(scene),
  picture_urls: ["a.jpg", "b.jpg", null],
  own_voice: false,
  refused: null,
  price: { spent_usd: 0, expected_usd: 0, at_most_usd: 0 },
};
const draft = draftOf(storyboard);
const told = (of: typeof draft) => editOf(of).scenes.map(({ narration }) => narration);

describe("a draft of a storyboard", () => {
  it("keeps a fault until its scene is changed, and one of no scene until anything is", () => {
    const refused = faultAt(draft, "/scenes/1/narration", "Refused.");
    expect(faultAfter(refused, draft, changeScene(draft, 0, { narration: "New." }))).toBe(refused);
    expect(faultAfter(refused, draft, changeScene(draft, 1, { narration: "New." }))).toBeNull();
    expect(faultAfter(refused, draft, removeScene(draft, 1))).toBeNull();
    const ofCast = faultAt(draft, "/cast/0/description", "Refused.");
    expect(faultAfter(ofCast, draft, changeScene(draft, 0, { cast: [] }))).toBeNull();
  });

  it("sends what was read if nothing was changed", () => {
    expect(editOf(draft)).toEqual({ title: "T", scenes: storyboard.scenes });
  });

  it("moves, removes, adds and merges scenes, and keeps the fields that it does not know", () => {
    const moved = moveScene(draft, 2, -1);
    expect(moved.scenes.map(({ key, pictureUrl }) => [key, pictureUrl])).toEqual([
      ...[[0, "a.jpg"] as const, [2, null] as const, [1, "b.jpg"] as const],
    ]);
    expect(moveScene(draft, 0, -1)).toEqual(draft);
    expect(moveScene(draft, 2, 1)).toEqual(draft);
    expect(told(removeScene(draft, 1))).toEqual(["A is told.", "C is told."]);
    const merged = mergeWithNext(draft, 0);
    expect(editOf(merged).scenes[0]).toEqual({ ...scene("A"), narration: "A is told. B is told." });
    expect(told(mergeWithNext({ ...draft, language: "ja-JP" }, 0))[0]).toBe("A is told.B is told.");
    expect(mergeWithNext(draft, 2)).toEqual(draft);
  });

  it("describes the picture of a scene by its narration where its owner says nothing else", () => {
    const added = changeScene(addScene(draft), 3, { narration: "D is told." });
    expect(editOf(added).scenes[3]).toMatchObject({ narration: "D is told.", picture: "D is told." });
  });

  it("says which scene cannot be sent, and why", () => {
    expect(faultOf(draft)).toBeNull();
    expect(faultOf(addScene(draft))).toMatchObject({ key: 3 });
    expect(faultOf(changeScene(draft, 1, { picture: "x".repeat(2_001) }))).toMatchObject({ key: 1 });
    expect(faultOf({ ...draft, title: " " })).toMatchObject({ key: null });
    expect(faultOf({ ...draft, scenes: [] })).toMatchObject({ key: null });
  });

  it("finds the field that the service refuses, also after its scene has moved", () => {
    const moved = moveScene(draft, 0, 1);
    expect(faultAt(moved, "/scenes/1/picture", "No.")).toEqual({ key: 0, part: "picture", text: "No." });
    expect(faultAt(moved, "/scenes/0/narration", "No.")).toMatchObject({ key: 1, part: "narration" });
    expect(faultAt(moved, "/title", "No.")).toMatchObject({ key: null });
  });

  it("says what of another tab's storyboard differs", () => {
    const [first, ...rest] = storyboard.scenes as [WaitingStoryboard["scenes"][number]];
    const theirs = { title: "Theirs", scenes: [{ ...first, narration: "Z." }, ...rest.slice(1)] };
    expect(listDifferences(editOf(draft), editOf(draft))).toEqual([]);
    expect(listDifferences(editOf(draft), theirs)).toEqual([
      { where: "Title", text: "Theirs" },
      { where: "Scene 1", text: "Z." },
      { where: "Scene 2", text: "C is told." },
      { where: "Scene 2, picture", text: "C is shown." },
      { where: "Scenes", text: "2 instead of 3" },
    ]);
  });

  it("says that nothing is stored while a scene tells nothing, and which scene", () => {
    expect(describeUnsaved(draft)).toBeNull();
    expect(describeUnsaved(moveScene(addScene(draft), 3, -1))).toMatch(/^Not saved\. Scene 3: /);
    expect(describeUnsaved({ ...draft, title: " " })).toBe("Not saved. Give the film a title.");
  });

  it("keeps what was typed while it was stored", () => {
    const sent = changeScene(draft, 0, { picture: "Another." });
    const now = changeScene(removeScene(sent, 1), 2, { narration: "Typed." });
    const stored = { ...storyboard, scenes: editOf(sent).scenes, picture_urls: [null, "b.jpg", "c.jpg"] };
    const taken = takeStored(now, sent, stored);
    expect(taken.scenes.map(({ key, pictureUrl }) => [key, pictureUrl])).toEqual([
      ...[[0, null] as const, [2, "c.jpg"] as const],
    ]);
    expect(told(taken)).toEqual(["A is told.", "Typed."]);
  });
});
