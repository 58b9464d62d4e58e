import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { FilmOptions } from "../../contract/film.ts";
import type { FilmContext } from "./film-context.ts";
import { Progress } from "./progress.ts";
import { writeCaptions } from "./write-captions.ts";

it.each([64, 128])(
  "shows title and end card one after the other in a film of one scene of %d frames",
  async (frames) => {
    const folder = await mkdtemp(join(tmpdir(), "captions-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const job = { options: FilmOptions.parse({ captions: "none" }) };
    const filmSize = { width: 1920, height: 1080 };
    const context = { folder, filmSize, job, progress: new Progress(() => {}) } as unknown as FilmContext;
    const endCard = { text: "A title", seenFrames: frames };
    const scene = { index: 0, words: [], title: "A title", endCard, language: "en", subject: null, busy: [] };
    const { text } = (await writeCaptions(scene, context)) ?? { text: "" };
    const times = (style: string, field: number) =>
      text
        .split("\n")
        .filter((line) => line.startsWith("Dialogue:") && line.split(",")[3] === style)
        .map((line) => line.split(",")[field] as string)
        .toSorted();
    expect(times("Title", 2).length).toBeGreaterThan(0);
    expect((times("Title", 2).at(-1) ?? "") <= (times("EndCard", 1)[0] ?? "")).toBe(true);
  },
);
