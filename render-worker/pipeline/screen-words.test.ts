import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { ClaimedJob } from "../../contract/claim.ts";
import { FilmOptions } from "../../contract/film.ts";
import type { CodedError } from "../errors.ts";
import { safeError } from "../runtime/log.ts";
import type { FilmPorts } from "./film-context.ts";
import { makeFilm } from "./make-film.ts";
import { Progress } from "./progress.ts";
import { NotAllowed, screenScenes, screenStoryboard, screenWords, splitSentences } from "./screen-words.ts";

const { signal } = new AbortController();
const transcript = "  I flew over the sea. 🐋 Then everybody was naked!\n\nI woke up…";
const dream = { title: null, transcript };
/** A job that has bought nothing, and whose owner has no cast. */
const told = { dream, storyboard: null, attempt: 1, known_cast: [], options: { cast: false } };
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
  const error = await refused(screenWords(told, findNaked, signal));
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
  const error = await refused(screenWords({ ...told, storyboard, attempt: 2 }, findNaked, signal));
  expect(error).toMatchObject({ passage: null, message: expect.stringContaining("scene 2") });
  // The storyboard itself, or the pictures of a film that waited for its owner, are bought by then.
  expect(error.message).toContain("Nothing more was bought.");
  await refused(screenScenes(scenes, findNaked, signal));
  await screenScenes(scenes.slice(0, 1), findNaked, signal);
});

it("lets everything pass where no provider tells", async () => {
  await screenWords(told, undefined, signal);
  await screenWords(told, async () => null, signal);
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
    known_cast: [],
    options: FilmOptions.parse({}),
  } as unknown as ClaimedJob;
  const making = makeFilm(job, "/nowhere", new Progress(() => {}), signal, ports);
  await expect(making).rejects.toMatchObject({ code: "dream.not_allowed" });
});

it("says that nothing was bought only where no earlier attempt can have bought anything", async () => {
  const first = await refused(screenWords(told, findNaked, signal));
  expect(first.message).toContain("Nothing was bought.");
  const later = await refused(screenWords({ ...told, attempt: 2 }, findNaked, signal));
  expect(later.message).toContain("Nothing more was bought.");
});

const person = (name: string, description: string) => ({ kind: "person" as const, name, description });
const ann = person("Ann", "A naked woman");
const harmless = { title: null, transcript: "I flew." };

it.each([
  ["by the description", ann, "the description of “Ann” among your people"],
  ["by the name, which is not said", person("The naked Ann", "A woman"), "the name of one of your people"],
] as const)("ends a film of an owner's person who is refused %s", async (_, member, text) => {
  const known_cast = [person("Bob", "A man"), member];
  const options = { cast: true };
  const screening = screenWords({ ...told, dream: harmless, known_cast, options }, findNaked, signal);
  const error = await screening.catch((thrown: unknown) => thrown as CodedError);
  expect(error).toMatchObject({ code: "cast.not_allowed", message: expect.stringContaining(text) });
  expect((error as Error).message).not.toContain("naked");
  expect((error as Error).message).toContain("Nothing was bought.");
  expect(JSON.stringify(safeError(error))).not.toMatch(/naked|Ann/);
  // The text model is told of no one.
  await screenWords({ ...told, dream: harmless, known_cast }, findNaked, signal);
});

it("asks for the dream's title, which the text model is given", async () => {
  const titled = { title: "The naked sea", transcript: "I flew." };
  const error = await refused(screenWords({ ...told, dream: titled }, findNaked, signal));
  expect(error.message).toContain("this dream's title");
  expect(error.message).not.toContain("naked");
});

it("asks the provider once for all words of a film", async () => {
  const asked: string[][] = [];
  const moderate = async (texts: readonly string[]) => {
    asked.push([...texts]);
    return null;
  };
  const job = { ...told, dream: { ...harmless, title: "Sea" }, known_cast: [ann], options: { cast: true } };
  await screenWords(job, moderate, signal);
  expect(asked).toEqual([["I flew.", "Sea", "Ann: A naked woman"]]);
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
        known_cast: [],
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
