import { describe, expect, it } from "vitest";
import type { Storyboard } from "../../../contract/storyboard.ts";
import { seeded, seedOfRun } from "../../../tests/seeded.ts";
import { readStoryboard } from "./read-storyboard.ts";

const scene = { narration: "I was flying.", picture: "A person flies" };
const storyboard = {
  title: "T",
  language: "en",
  scenes: [scene, { narration: "It {fell}.", picture: '"]}' }],
};
const json = JSON.stringify(storyboard);
const read = (text: string, asked = "auto", isCutOff = false) => readStoryboard({ text, isCutOff }, asked);
const expected = {
  storyboard: {
    ...storyboard,
    scenes: storyboard.scenes.map((one) => ({ ...one, picture_take: 0, voice_take: 0 })),
  },
};

/** What models put around a correct answer. Each takes the answer's JSON, or the result of another one. */
const wrappings: Record<string, (inner: string) => string> = {
  nothing: (inner) => inner,
  "white space": (inner) => `\n\t ${inner}\r\n`,
  "a byte order mark": (inner) => `\ufeff${inner}`,
  "a code fence": (inner) => `\`\`\`json\n${inner}\n\`\`\``,
  "a bare fence": (inner) => `\`\`\`\n${inner}\n\`\`\``,
  thoughts: (inner) => `<think>Two scenes {each with "narration"}.\n{"scenes": [1]}</think>\n${inner}`,
  "thoughts without a beginning": (inner) => `First, [the plan] {"scenes": []}.</think>${inner}`,
  "a sentence before": (inner) => `Sure! Here is the {storyboard} you "asked for [1]:\n\n${inner}`,
  "a sentence after": (inner) => `${inner}\n\nLet me know if {anything} should change.`,
};
/** The changes of the value itself come before those that only surround it. */
const changes: Record<string, (inner: string) => string> = {
  "one level": (inner) => `{"storyboard": ${inner}}`,
  "two levels": (inner) => `{"result": {"storyboard": ${inner}}, "status": "ok"}`,
  "a list": (inner) => `[${inner}]`,
  "a string": (inner) => JSON.stringify(inner),
  "a string in an object": (inner) => JSON.stringify({ output: inner }),
  "more fields": (inner) => inner.replace(/^\{/u, '{"notes": {"mood": "calm"}, '),
};

describe("readStoryboard", () => {
  it.each([...Object.entries(wrappings), ...Object.entries(changes)])("reads one in %s", (_, wrap) => {
    expect(read(wrap(json))).toEqual(expected);
  });

  it("reads the camera of a scene, an unknown move as a push in, and drops what is none", () => {
    const cameras = [
      { move: "rise", pace: "quick" },
      { move: "spiral", pace: "breakneck" },
      { move: 3 },
      "pan",
      null,
      undefined,
    ];
    const scenes = cameras.map((camera) => ({ ...scene, camera }));
    const { storyboard: result } = read(JSON.stringify({ ...storyboard, scenes })) as {
      storyboard: Storyboard;
    };
    expect(result.scenes.map(({ camera }) => camera)).toEqual([
      { move: "rise", pace: "quick" },
      { move: "push_in", pace: "usual" },
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  it("reads one in any wrapping of wrappings", () => {
    const chance = seeded(seedOfRun);
    const pick = <T>(of: T[]) => of[Math.floor(chance() * of.length)] as T;
    for (let round = 0; round < 300; round++) {
      const names = [
        pick(Object.keys(changes).filter((name) => !name.startsWith("a string"))),
        pick(Object.keys(wrappings)),
        pick(Object.keys(wrappings)),
      ];
      const text = names.reduce((inner, name) => (changes[name] ?? wrappings[name])?.(inner) ?? inner, json);
      expect(read(text), `SEED=${seedOfRun}: ${names.join(" in ")}`).toEqual(expected);
    }
  });

  it("throws at nothing, whatever the answer", () => {
    const chance = seeded(seedOfRun);
    const pieces = [
      json,
      json.slice(9, 60),
      "{",
      "}",
      "[",
      '"',
      "\\",
      "<think>",
      "</think>",
      "```",
      "é",
      "\ud800",
      "0",
    ];
    for (let round = 0; round < 2_000; round++) {
      const length = Math.floor(chance() * 12);
      const text = Array.from({ length }, () => pieces[Math.floor(chance() * pieces.length)]).join("");
      const reading = read(text);
      expect("problem" in reading || reading.storyboard.scenes.length > 0, `SEED=${seedOfRun}: ${text}`).toBe(
        true,
      );
    }
  });

  it("ends quickly on a flood of brackets", () => {
    const startedAt = performance.now();
    expect(read("[{".repeat(50_000))).toHaveProperty("problem");
    // Linear work takes milliseconds; the rest is for a machine under load.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("takes the last of several: a model drafts first", () => {
    const draft = JSON.stringify({ ...storyboard, title: "Draft" });
    expect(read(`Draft: ${draft}\nFinal: ${json}`)).toEqual(expected);
  });

  it("does without a title, a language and a picture", () => {
    expect(read(JSON.stringify({ scenes: [{ narration: " I  was\nflying. " }] }))).toMatchObject({
      storyboard: {
        title: "",
        language: "und",
        scenes: [{ narration: "I was flying.", picture: "I was flying." }],
      },
    });
  });

  it.each([
    ["nothing", "", "empty"],
    ["prose", "Sure! Here is your storyboard", "no whole JSON"],
    ["half an answer", json.slice(0, -5), "no whole JSON"],
    ["another shape", JSON.stringify({ scenes: "many" }), "scenes: "],
    ["a scene without words", JSON.stringify({ scenes: [{ picture: "x" }] }), "scenes.0.narration: "],
    ["no scenes", JSON.stringify({ ...storyboard, scenes: [] }), "No scene"],
    ["only silent scenes", JSON.stringify({ scenes: [{ narration: " … ", picture: "x" }] }), "No scene"],
  ])("says what is wrong with %s", (_, text, problem) => {
    expect(read(text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it("asks for less where the answer was cut off, and takes one that was whole all the same", () => {
    expect(read(json.slice(0, -5), "auto", true)).toEqual({ problem: expect.stringContaining("less") });
    expect(read(json, "auto", true)).toEqual(expected);
  });

  it.each([
    ["auto", "German", "de"],
    ["auto", "JA", "ja"],
    ["auto", "zh_TW", "zh-TW"],
    ["auto", "español", "es"],
    ["auto", "the dream's own", "und"],
    ["auto", "klingon; rm -rf", "und"],
    ["de", "en", "de"],
    ["zh-Hant", "Chinese", "zh-Hant"],
    ["pt-BR", "und", "pt-BR"],
  ])("of a film in %s, whose model says %s, the language is %s", (asked, language, kept) => {
    expect(read(JSON.stringify({ ...storyboard, language }), asked)).toMatchObject({
      storyboard: { language: kept },
    });
  });
});

describe("the subject's box", () => {
  const focusOf = (focus: unknown) => {
    const text = JSON.stringify({
      title: "t",
      language: "en",
      scenes: [{ narration: "I fly.", picture: "p", focus }],
    });
    const reading = readStoryboard({ text, isCutOff: false }, "auto");
    return "storyboard" in reading ? reading.storyboard.scenes[0]?.focus : reading.problem;
  };

  it("is kept", () => {
    const box = { x: 0.3, y: 0.2, w: 0.4, h: 0.5 };
    expect(focusOf(box)).toEqual(box);
  });

  it.each([
    null,
    "left",
    {},
    { x: 30, y: 20, w: 40, h: 50 },
    { x: 0.3, y: 0.2, w: 0, h: 0.5 },
    { x: 0.8, y: 0.2, w: 0.4, h: 0.5 },
    { x: 0, y: 0, w: 1, h: 1 },
    { x: "0.3", y: 0.2, w: 0.4, h: 0.5 },
  ])("is left out if it cannot be one: %j", (odd) => {
    expect(focusOf(odd)).toBeUndefined();
  });
});
