import { describe, expect, it } from "vitest";
import { limits } from "../../../contract/limits.ts";
import { readStoryboard } from "../storyboard/read-storyboard.ts";
import { settleCast } from "./settle-cast.ts";

const grandmother = {
  id: "g",
  kind: "person",
  name: "Grandmother",
  description: "An old woman in a red coat",
};

/** The storyboard of an answer with this cast and these scenes' casts. */
function read(cast: unknown, ofScenes: unknown[]) {
  const scenes = ofScenes.map((shown, index) => ({
    narration: `Sentence ${index}.`,
    picture: "p",
    cast: shown,
  }));
  const reading = readStoryboard(
    { text: JSON.stringify({ title: "t", language: "en", cast, scenes }), isCutOff: false },
    "auto",
  );
  if ("problem" in reading) throw new Error(reading.problem);
  return reading.storyboard;
}
const castOf = (cast: unknown, ofScenes: unknown[], known: Parameters<typeof settleCast>[1] = []) => {
  const settled = settleCast(read(cast, ofScenes), known);
  return { cast: settled.cast, scenes: settled.scenes.map((scene) => scene.cast) };
};

describe("a storyboard's cast", () => {
  it("is kept as it was written", () => {
    expect(castOf([grandmother], [["g"], [], ["g"]])).toEqual({
      cast: [grandmother],
      scenes: [["g"], undefined, ["g"]],
    });
  });

  it.each([
    ["ids that no member has", [grandmother], [["g", "x", 7, null]]],
    ["an id twice", [grandmother], [["g", "g"]]],
    [
      "a member twice",
      [grandmother, { ...grandmother, name: "Other" }, { ...grandmother, id: "h" }],
      [["g"]],
    ],
    [
      "members without a description",
      [grandmother, { id: "b", kind: "animal", name: "b", description: " … " }],
      [["g", "b"]],
    ],
    ["members that no scene shows", [grandmother, { ...grandmother, id: "w", name: "w" }], [["g"]]],
    ["values of another type", [grandmother, 3, null, "wolf", { description: 4 }], [["g"], ["w"]]],
  ])("loses %s", (_, cast, ofScenes) => {
    expect(castOf(cast, ofScenes)).toMatchObject({ cast: [grandmother] });
    expect(castOf(cast, ofScenes).scenes[0]).toEqual(["g"]);
  });

  it("reads a kind that it does not know as an object, and a cast that is none as empty", () => {
    expect(castOf([{ ...grandmother, kind: "mood" }], [["g"]]).cast).toEqual([
      { ...grandmother, kind: "object" },
    ]);
    for (const odd of ["grandmother", 4, null, {}])
      expect(castOf(odd, [["g"]])).toEqual({ cast: [], scenes: [undefined] });
  });

  it("has at most as many members as allowed, those of most scenes, and as many in a scene", () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ...grandmother, id: `m${n}`, name: `name ${n}` }));
    const ids = many.map(({ id }) => id);
    const { cast, scenes } = castOf(many, [ids.slice(5), ids.slice(5), ids]);
    expect(cast).toHaveLength(limits.cast);
    expect(cast?.slice(0, 4).map(({ id }) => id)).toEqual(["m5", "m6", "m7", "m8"]);
    expect(scenes[2]).toHaveLength(limits.sceneCast - 2);
  });

  it("cuts what is too long, and is one line", () => {
    const [member] = castOf([{ ...grandmother, description: "red\n".repeat(900) }], [["g"]]).cast ?? [];
    expect(member?.description.length).toBeLessThanOrEqual(limits.castDescriptionChars);
    expect(member?.description).not.toContain("\n");
  });

  it("describes known members as they are known, whatever the text model wrote", () => {
    const known = [
      { kind: "person" as const, name: "grandmother", description: "A tall woman with white hair" },
      { kind: "place" as const, name: "Grandmother", description: "A village" },
    ];
    expect(castOf([grandmother], [["g"]], known).cast).toEqual([
      { ...grandmother, name: "grandmother", description: "A tall woman with white hair" },
    ]);
  });
});
