import { expect, it } from "vitest";
import { splitWords } from "../../captions/text/split-words.ts";
import { joinWords } from "../../captions/timed-word.ts";
import type { HeardWord } from "../own-narration.ts";
import { placeWords } from "./place-words.ts";

/** Each word takes 0.4 s, and 0.1 s of pause follows it. */
const hear = (text: string, part = 0): HeardWord[] =>
  splitWords(text, "en").map((word, i) => ({
    ...word,
    part,
    startSeconds: i * 0.5,
    endSeconds: i * 0.5 + 0.4,
  }));
const show = (...scenes: string[]) =>
  scenes.flatMap((text, scene) => splitWords(text, "en").map((word) => ({ ...word, scene })));
const heard = hear("I flew over a silver see and um I mean under the water a town was lit.");
const place = (...scenes: string[]) => {
  const { words, deleted, unheard, reworded } = placeWords(show(...scenes), heard, "en");
  return {
    shown: joinWords(words),
    words,
    deleted: deleted.map((run) => joinWords(run)),
    unheard,
    reworded: [...reworded],
  };
};

it("gives each word of the text the time of the word that is heard", () => {
  const { words } = place("I flew over a silver see", "and um I mean under the water a town was lit.");
  expect(words).toHaveLength(heard.length);
  expect(words.map(({ startSeconds }) => startSeconds)).toEqual(
    heard.map(({ startSeconds }) => startSeconds),
  );
  expect(words.filter(({ scene }) => scene === 0)).toHaveLength(6);
});

it("shows a corrected word in the time of what is heard", () => {
  const { shown, words, reworded } = place(
    "I flew over a silver sea and um I mean under the water, a town was lit.",
  );
  expect(shown).toBe("I flew over a silver sea and um I mean under the water, a town was lit.");
  expect(words[5]).toMatchObject({ text: "sea", startSeconds: 2.5, endSeconds: 2.9 });
  expect(reworded).toEqual([]);
});

it("keeps the sound of a deleted filler, and leaves out what else was deleted", () => {
  expect(place("I flew over a silver see and I mean under the water a town was lit.").deleted).toEqual([]);
  expect(place("I flew over a silver see under the water a town was lit.").deleted).toEqual([
    "and um I mean",
  ]);
});

it("captions what is heard where the text says something else, in the scene of that text", () => {
  const { shown, reworded } = place(
    "I flew over a silver see and um I mean",
    "nothing of that kind has ever happened to anybody I know in Paris.",
  );
  expect(shown).toBe(joinWords(heard));
  expect(reworded).toEqual([1]);
});

it("leaves out text that was written and never said, and shows a word that the transcription missed", () => {
  const written = place(
    "This is a note that I wrote before. I flew over a silver see and um I mean under the water a town was lit.",
  );
  expect([written.shown, written.unheard]).toEqual([joinWords(heard), 8]);
  const missed = place("I flew over a bright silver see and um I mean under the water a town was lit.");
  expect(missed.shown).toContain("a bright silver");
  const [, , , a, bright, silver] = missed.words;
  expect([a?.startSeconds, silver?.startSeconds]).toEqual([1.5, 2]);
  expect(bright?.startSeconds).toBeGreaterThan(1.5);
  expect(bright?.endSeconds).toBeLessThanOrEqual(1.9 + 1e-9);
});

it("takes the last of a word that was said twice", () => {
  const stammer = hear("I saw the the sea.");
  const { words } = placeWords(show("I saw the sea."), stammer, "en");
  expect(words.map(({ startSeconds }) => startSeconds)).toEqual([0, 0.5, 1.5, 2]);
});

it("places words of several recordings, each in its own", () => {
  const both = [...hear("I flew over a sea."), ...hear("Ein Wal trug mich.", 1)];
  const { words } = placeWords(show("I flew over a sea. Ein Wal", "trug mich."), both, "en");
  expect(words.map(({ part, scene }) => `${part}${scene}`).join(" ")).toBe("00 00 00 00 00 10 10 11 11");
});
