import { expect, it } from "vitest";
import { expectCast } from "./expect-cast.ts";

it("counts who returns, and no verb that is said twice", () => {
  const dream =
    "The child ran over a meadow. A wolf ran behind the child. I called the wolf. The child gave me a book. The wolf slept. I slept beside the child.";
  expect(expectCast(dream, 4).members).toBe(3);
});
