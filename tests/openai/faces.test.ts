/** The simulator paints a person's face from the mark of its reference sheet, and from nothing else. */
import { expect, it } from "vitest";
import { drawPicture } from "../../simulators/openai/pictures/draw-picture.ts";
import { faceOf } from "../../simulators/openai/pictures/marks/face.ts";
import { markOfSheet, peopleOf } from "../../simulators/openai/pictures/marks/mark.ts";

const markOf = (description: string) =>
  markOfSheet(`Reference sheet of one person, whole: ${description}\n\nStyle: dreamlike.`, []) ?? -1;
const size = { width: 768, height: 512 };

/** The box around the pixels that differ when a man in a room has another mark; null: none differ. */
function difference(prompt: string, one: number, other: number) {
  const [a, b] = [one, other].map(
    (mark) => drawPicture({ prompt, take: 0, ...size, marks: [mark] }).canvas.rgb,
  );
  const at = Array.from({ length: size.width * size.height }, (_, i) => i).filter((i) =>
    [0, 1, 2].some((k) => Math.abs((a?.[i * 3 + k] ?? 0) - (b?.[i * 3 + k] ?? 0)) > 0.1),
  );
  const xs = at.map((i) => i % size.width);
  const ys = at.map((i) => Math.floor(i / size.width));
  return at.length === 0
    ? null
    : {
        pixels: at.length,
        width: Math.max(...xs) - Math.min(...xs),
        height: Math.max(...ys) - Math.min(...ys),
      };
}

/** Marks that differ in their hash alone, so in the face: who, coat and hair are equal. */
const man = markOf("A man: short hair, a blue coat");
const twin = man ^ (0x155 << 10);

it("gives two people of equal coat and hair other faces, and changes nothing but the head", () => {
  expect(peopleOf([man]).get("man")?.face).not.toEqual(peopleOf([twin]).get("man")?.face);
  const found = difference("A man in a room. Style: storybook.", man, twin);
  expect(found?.pixels).toBeGreaterThan(40);
  expect(found?.width).toBeLessThan(40);
  expect(found?.height).toBeLessThan(50);
});

it("paints the same person the same in every picture, alone or beside others", () => {
  const dreamer = markOf("The dreamer, an adult with long hair and a red coat");
  expect(peopleOf([dreamer, man]).get("man")).toEqual(peopleOf([man]).get("man"));
  expect(difference("A man in a room. Style: storybook.", man, man)).toBe(null);
  // The mark of a person who is not in the picture shows nowhere.
  expect(difference("A wolf in a forest. Nobody is in sight.", man, twin)).toBe(null);
});

it("gives a hundred sheets faces that differ, and a beard to no child", () => {
  const faces = Array.from({ length: 100 }, (_, seed) => faceOf(seed, seed % 2 === 0));
  expect(new Set(faces.map((face) => JSON.stringify(face))).size).toBeGreaterThan(75);
  for (const [seed, { extra }] of faces.entries())
    if (seed % 2 === 1) expect(["glasses", "freckles", "none"]).toContain(extra);
});
