import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { ClaimedJob } from "../../contract/claim.ts";
import { FilmOptions } from "../../contract/film.ts";
import type { FilmPorts } from "./film-context.ts";
import { makeFilm } from "./make-film.ts";
import { Progress } from "./progress.ts";
import { NotAllowed, screenScenes, screenStoryboard, screenWords, splitSentences } from "./screen-words.ts";

const { signal } = new AbortController();
const transcript = "  I flew over the sea. 🐋 Then everybody was naked!\n\nI woke up…";
const dream = { title: null, transcript };
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const findNaked = async (texts: readonly string[]) => {
  const found = texts.findIndex((text) => text.includes("naked"));
  return found < 0 ? null : found;
};
const refused = async (work: Promise<void>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NotAllowed);
  return error as NotAllowed;
};

it("splits a transcript at its sentences, each with its place in code units", () => {
  const sentences = splitSentences(transcript);
  expect(sentences.map(({ text }) => text)).toEqual([
    "I flew over the sea.",
    expect.stringContaining("Then everybody was naked!"),
    "I woke up…",
  ]);
  for (const { start, end, text } of sentences) expect(transcript.slice(start, end)).toBe(text);
});

it("names the place of the sentence that is refused, and none of its words", async () => {
  const error = await refused(screenWords({ dream, storyboard: null, attempt: 1 }, findNaked, signal));
  expect(error.code).toBe("dream.not_allowed");
  expect(error.message).not.toMatch(/naked|everybody/);
  const { start, end, sha256: hash } = error.passage ?? { start: 0, end: 0, sha256: "" };
  expect(transcript.slice(start, end)).toContain("Then everybody was naked!");
  expect(hash).toBe(sha256(transcript.slice(start, end)));
});

it("asks for the words of a storyboard that the job already has, and names the scene", async () => {
  const scenes = [
    { narration: "I flew.", picture: "A person flies" },
    { narration: "I fell.", picture: "A naked person falls" },
  ].map((scene) => ({ ...scene, picture_take: 0, voice_take: 0 }));
  const storyboard = { title: "T", language: "en", scenes };
  const error = await refused(screenWords({ dream, storyboard, attempt: 2 }, findNaked, signal));
  expect(error).toMatchObject({ passage: null, message: expect.stringContaining("scene 2") });
  // The storyboard itself, or the pictures of a film that waited for its owner, are bought by then.
  expect(error.message).toContain("Nothing more was bought.");
  await refused(screenScenes(scenes, findNaked, signal));
  await screenScenes(scenes.slice(0, 1), findNaked, signal);
});

it("lets everything pass where no provider tells", async () => {
  await screenWords({ dream, storyboard: null, attempt: 1 }, undefined, signal);
  await screenWords({ dream, storyboard: null, attempt: 1 }, async () => null, signal);
});

it("ends a film before the ledger, the storage or a model is asked for anything", async () => {
  const touched = (name: string) => () => expect.fail(`${name} was used`);
  const ports = {
    moderate: findNaked,
    ai: { retryConfiguration: touched("ai"), write: touched("text") },
    edge: { charge: touched("the ledger") },
    storage: { fetchInto: touched("the storage"), put: touched("the storage") },
    markMedia: {},
  } as unknown as FilmPorts;
  const job = {
    ...{ job_id: "j", dream_id: "d", attempt: 1, asset_scope: "s", dream, storyboard: null, recordings: [] },
    options: FilmOptions.parse({}),
  } as unknown as ClaimedJob;
  const making = makeFilm(job, "/nowhere", new Progress(() => {}), signal, ports);
  await expect(making).rejects.toMatchObject({ code: "dream.not_allowed" });
});

it("says that nothing was bought only where no earlier attempt can have bought anything", async () => {
  const first = await refused(screenWords({ dream, storyboard: null, attempt: 1 }, findNaked, signal));
  expect(first.message).toContain("Nothing was bought.");
  const later = await refused(screenWords({ dream, storyboard: null, attempt: 2 }, findNaked, signal));
  expect(later.message).toContain("Nothing more was bought.");
});

const words = (narration: string, picture = "A sea") => ({
  ...{ narration, picture, picture_take: 0, voice_take: 0 },
});
const board = (change: object) => ({ title: "T", language: "en", scenes: [words("I flew.")], ...change });

const naked = { id: "a", kind: "person", name: "Ann", description: "A tall, naked woman" } as const;

it("does not ask for one of the cast that no scene shows, so that an owner can leave it out", async () => {
  await screenStoryboard(board({ cast: [naked] }), findNaked, signal);
});

it.each([
  ["a title", board({ title: "The naked sea" }), "The naked sea"],
  [
    "a narration, by its sentence",
    board({ scenes: [words("I flew. A naked man sat. I woke.")] }),
    "A naked man sat.",
  ],
  ["a picture", board({ scenes: [words("I flew.", "A naked man")] }), "A naked man"],
  [
    "a description in the cast",
    board({ cast: [naked], scenes: [{ ...words("I flew."), cast: ["a"] }] }),
    "Ann: A tall, naked woman",
  ],
] as const)("finds the words that are refused in %s", async (_, storyboard, text) => {
  const error = await refused(screenStoryboard(storyboard, findNaked, signal));
  expect(error.text).toBe(text);
  expect(error.message).not.toMatch(/naked|Ann/);
});

it("gives a film that waited for its owner back to them, and fails every other", async () => {
  const storyboard = board({ scenes: [words("A naked man sat.")] });
  const make = (change: object, pause_after: "storyboard" | null = "storyboard") =>
    makeFilm(
      {
        ...{ job_id: "j", dream_id: "d", attempt: 2, asset_scope: "s", dream, storyboard, recordings: [] },
        ...{
          outcome: "claimed",
          options: FilmOptions.parse({ pause_after }),
          takes_refusal: true,
          ...change,
        },
      } as unknown as ClaimedJob,
      "/nowhere",
      new Progress(() => {}),
      signal,
      {
        moderate: findNaked,
        ai: { retryConfiguration: () => {} },
        edge: {},
        storage: {},
        markMedia: {},
      } as never,
    );
  expect(await make({})).toEqual({ at: "storyboard", storyboard, refused: { text: "A naked man sat." } });
  await expect(make({}, null)).rejects.toMatchObject({ code: "dream.not_allowed" });
  // An older edge would store the storyboard and let it be approved again without a word.
  await expect(make({ takes_refusal: false })).rejects.toMatchObject({ code: "dream.not_allowed" });
  await expect(make({ storyboard: null })).rejects.toMatchObject({ code: "dream.not_allowed" });
});
