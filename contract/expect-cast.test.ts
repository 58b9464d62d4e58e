import { expect, it } from "vitest";
import { expectCast } from "./expect-cast.ts";

it("counts who returns, and no verb that is said twice", () => {
  const dream =
    "The child ran over a meadow. A wolf ran behind the child. I called the wolf. The child gave me a book. The wolf slept. I slept beside the child.";
  expect(expectCast(dream, 4).members).toBe(3);
});

it("counts what stands after an article, and in German what is written with a capital", () => {
  const english = "I thought of what was heard. The king had what no man heard. What I heard was the king.";
  expect(expectCast(english, 3)).toEqual({ members: 2, references: 4 });
  const german = "Dort sagte der Wolf nichts mehr. Dann sagte niemand etwas. Und dann sagte der Wolf alles.";
  expect(expectCast(german, 3)).toEqual({ members: 1, references: 2 });
});

it("counts only what the film has room to tell", () => {
  const long =
    "The wolf ran, and a horse looked up. A man came, and the horse slept. The wolf sat, and the man sang.";
  expect(expectCast(long, 3, 0.5).references).toBeLessThan(expectCast(long, 3).references);
});
