/**
 * Ten dreams of six scenes: who is in each picture, read from its pixels, also after a redo and after an
 * attempt that lost its job. The provider is the simulator; everything else is the worker's code.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ceilingOfStoryboard, estimateFilm } from "../../contract/estimate-cost.ts";
import { FilmOptions } from "../../contract/film.ts";
import { readPrices } from "../../contract/prices.ts";
import { readMarks } from "../../simulators/openai/pictures/marks/pixels.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";
import { attempt, createWorld, type World } from "./attempt.ts";
import { dreams } from "./dreams.ts";
import { expectMarks } from "./expect-marks.ts";

let simulator: SimulatorProcess;
let folder: string;
beforeAll(async () => {
  simulator = await openSimulator();
  await simulator.control({ picture_scale: 0.1 });
  folder = await mkdtemp(join(tmpdir(), "same-people-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});

const newWorld = async (): Promise<World> =>
  createWorld(simulator.origin, createFakeStorage(await mkdtemp(join(folder, "owner-"))).storage);

/** The provider's bill has nothing twice. */
async function expectNothingTwice(): Promise<void> {
  const { billed } = await simulator.ledger();
  const fingerprints = billed.map(({ fingerprint }) => fingerprint);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
}

describe.each(dreams.map((dream, index) => ({ name: `dream ${index + 1}`, ...dream })))(
  "$name",
  ({ first, second }) => {
    it("shows the same people in every picture, after a redo, a lost attempt and in the next film", async () => {
      await simulator.reset();
      await simulator.control({ picture_scale: 0.1 });
      const world = await newWorld();
      // Attempt 1 loses its job while it buys; attempt 2 makes the film.
      await expect(attempt(world, { transcript: first }, 3)).rejects.toThrow("the job is lost");
      const film = await attempt(world, { transcript: first });
      expect(film.storyboard.scenes).toHaveLength(6);
      expect(film.warnings).toEqual([]);
      expect(film.sheets.size).toBe(film.storyboard.cast?.length);
      expect(film.sheets.size).toBeGreaterThanOrEqual(3);
      await expectMarks(film.storyboard, film.pictures);
      await expectNothingTwice();

      const scenes = film.storyboard.scenes.map((scene, index) =>
        index === 2 ? { ...scene, picture_take: 1 } : scene,
      );
      const redo = await attempt(world, { transcript: first, storyboard: { ...film.storyboard, scenes } });
      expect(redo.spent).toMatchObject({ sheets: 0, pictures: 1, text: 0 });
      await expectMarks(redo.storyboard, redo.pictures);
      expect(redo.pictures[2]?.equals(film.pictures[2] as Buffer)).toBe(false);

      const known = film.storyboard.cast ?? [];
      const next = await attempt(world, { transcript: second, known });
      const names = known.map(({ name }) => name);
      const isNew = next.storyboard.cast?.filter(({ name }) => !names.includes(name)) ?? [];
      expect(next.spent.sheets).toBe(isNew.length);
      expect(next.storyboard.cast?.length).toBeGreaterThan(isNew.length);
      await expectMarks(next.storyboard, next.pictures);
      await expectNothingTwice();
    });
  },
);

it("buys no sheet for a second film of the same people, although the text model describes them anew", async () => {
  const world = await newWorld();
  const { first, second } = dreams[1] as (typeof dreams)[number];
  const film = await attempt(world, { transcript: first });
  const unknown = await attempt(world, { transcript: second });
  expect(unknown.spent.sheets).toBeGreaterThan(0);
  const known = await attempt(world, { transcript: second, known: film.storyboard.cast ?? [] });
  expect(known.storyboard.cast?.map(({ name }) => name).toSorted()).toEqual(
    expect.arrayContaining(["the dreamer", "wolf"]),
  );
  expect(known.spent.sheets).toBe(0);
});

it("costs what was estimated, within 15 per cent", async () => {
  for (const { first } of dreams.slice(3, 5)) {
    const film = await attempt(await newWorld(), { transcript: first });
    const options = FilmOptions.parse({ length_seconds: 33, cast: true });
    const { microUsd, atMostMicroUsd } = estimateFilm(first, options, readPrices({}));
    const expected = (microUsd.text + microUsd.picture) / 1e6;
    expect(Math.abs(expected / film.spent.costUsd - 1)).toBeLessThan(0.15);
    expect(film.spent.costUsd).toBeLessThan(atMostMicroUsd / 1e6);
    const ceiling = ceilingOfStoryboard(film.storyboard, options, readPrices({}));
    expect(film.spent.costUsd).toBeLessThan(ceiling / 1e6);
  }
});

it("asks of films without a cast what it asked before there were casts", async () => {
  const world = await newWorld();
  const film = await attempt(world, { transcript: dreams[0]?.first ?? "", options: { cast: false } });
  expect(film.storyboard).not.toHaveProperty("cast");
  expect(film.spent).toMatchObject({ sheets: 0, pictures: 6, text: 1 });
  expect((await Promise.all(film.pictures.map(readMarks))).flat()).toEqual([]);
});

it("paints from words alone where the provider has no edits, and buys no sheets for the next film", async () => {
  await simulator.control({ without: ["edit"] });
  const world = await newWorld();
  const film = await attempt(world, { transcript: dreams[2]?.first ?? "" });
  expect(film.warnings).toEqual(["picture.without_references"]);
  expect(film.spent.pictures).toBe(6);
  const next = await attempt(world, { transcript: dreams[3]?.first ?? "" });
  expect(next.spent).toMatchObject({ sheets: 0, pictures: 6 });
  await simulator.control({ without: [] });
});
