import { expect, it } from "vitest";
import { writeConcatList, writeMetadata } from "./join-film.ts";

it("marks chapters on the frame grid and shows titles as typed", () => {
  const notes = writeMetadata("a=b;c#d\\e\nf", [
    { title: "one\r\n[CHAPTER]", frames: 144 },
    { title: "", frames: 160 },
  ]);
  expect(notes).toBe(
    ";FFMETADATA1\ntitle=a\\=b\\;c\\#d\\\\e f\n" +
      "[CHAPTER]\nTIMEBASE=1/30\nSTART=0\nEND=144\ntitle=one [CHAPTER]\n" +
      "[CHAPTER]\nTIMEBASE=1/30\nSTART=144\nEND=304\ntitle=\n",
  );
});

it("lists files so that no name is taken for anything else", () => {
  expect(writeConcatList([{ pictures: "/tmp/it's #1/a.mp4", frames: 16 }])).toBe(
    "ffconcat version 1.0\nfile 'file:/tmp/it'\\''s #1/a.mp4'\nduration 0.533333\n",
  );
});
