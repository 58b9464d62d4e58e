/**
 * What a cast costs, over ten dreams of people who return, and what the estimate told: storyboard, sheets and
 * pictures, as the simulator bills them. The voice is left out: it costs the same with and without a cast.
 * Then the same for the dreams of examples/dreams, which nobody wrote for this bench.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { estimateFilm, priceScene } from "../contract/estimate-cost.ts";
import { FilmOptions } from "../contract/film.ts";
import { readPrices } from "../contract/prices.ts";
import { type Asked, attempt, createWorld } from "../tests/cast/attempt.ts";
import { dreams } from "../tests/cast/dreams.ts";
import { createFakeStorage } from "../tests/fakes/fake-storage.ts";
import { startSimulator } from "../tests/openai/start-simulator.ts";

interface Row {
  pictures: number;
  sheets: number;
  costUsd: number;
  estimatedUsd: number;
}

type World = ReturnType<typeof createWorld>;
const examples = new URL("../examples/dreams/", import.meta.url);
const prices = readPrices({});

/** Prints the tables of docs/cast.md. */
export async function run(): Promise<void> {
  const simulator = await startSimulator();
  await simulator.control({ picture_scale: 0.1 });
  const folder = await mkdtemp(join(tmpdir(), "bench-cast-"));
  const newWorld = async () =>
    createWorld(simulator.origin, createFakeStorage(await mkdtemp(join(folder, "world-"))).storage);
  try {
    await printTen(newWorld);
    await printExamples(newWorld);
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
}

async function printTen(newWorld: () => Promise<World>): Promise<void> {
  const rows = new Map<string, Row[]>();
  const measure = async (name: string, world: World, asked: Asked, estimatedUsd = estimate(asked)) => {
    const film = await attempt(world, asked);
    const { pictures, sheets, costUsd } = film.spent;
    rows.set(name, [...(rows.get(name) ?? []), { pictures, sheets, costUsd, estimatedUsd }]);
    return film;
  };
  for (const { first, second } of dreams) {
    const plain = { transcript: first, options: { cast: false } };
    await measure("a film without a cast", await newWorld(), plain);
    const world = await newWorld();
    const { storyboard } = await measure("a film with a cast", world, { transcript: first });
    const scenes = storyboard.scenes.map((scene, at) => ({ ...scene, picture_take: at === 2 ? 1 : 0 }));
    const redone = { transcript: first, storyboard: { ...storyboard, scenes } };
    await measure("a redo of one scene", world, redone, estimateRedo(redone.storyboard, 2));
    await measure("a second film, never told of them", await newWorld(), { transcript: second });
    const known = storyboard.cast ?? [];
    await measure("a second film of the same people", world, { transcript: second, known });
  }
  console.log("| mean of ten | pictures | sheets | US dollars | estimated | furthest off |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, of] of rows) console.log(line(name, of));
}

async function printExamples(newWorld: () => Promise<World>): Promise<void> {
  console.log("\n| dream | cast | scenes | sheets | US dollars | estimated | off |");
  console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
  for (const name of (await readdir(examples)).filter((file) => file.endsWith(".txt")).sort())
    for (const cast of [false, true]) {
      const asked = { transcript: await readFile(new URL(name, examples), "utf8"), options: { cast } };
      const { spent, storyboard } = await attempt(await newWorld(), asked);
      const told = estimate(asked);
      const off = `${((told / spent.costUsd - 1) * 100).toFixed(0)} %`;
      const counts = [storyboard.scenes.length, spent.sheets, spent.costUsd.toFixed(3), told.toFixed(3)];
      console.log(`| ${[name.replace(".txt", ""), cast ? "yes" : "no", ...counts, off].join(" | ")} |`);
    }
}

/** What POST /estimate says, without the voice. */
function estimate({ transcript, options }: Asked): number {
  const { text, picture } = estimateFilm(transcript, optionsOf(options), prices).microUsd;
  return (text + picture) / 1e6;
}

/** What the studio says of another picture of the scene. */
function estimateRedo({ scenes, language }: NonNullable<Asked["storyboard"]>, index: number): number {
  const scene = scenes[index];
  if (scene === undefined) throw new Error("the storyboard has no such scene");
  return priceScene(scene, language, optionsOf({}), prices).picture / 1e6;
}

const optionsOf = (options: Asked["options"]) =>
  FilmOptions.parse({ length_seconds: 33, cast: true, ...options });

function line(name: string, rows: readonly Row[]): string {
  const mean = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const off = Math.max(...rows.map(({ estimatedUsd, costUsd }) => Math.abs(estimatedUsd / costUsd - 1)));
  const numbers = [mean((row) => row.pictures), mean((row) => row.sheets)].map((one) => one.toFixed(1));
  const dollars = [mean((row) => row.costUsd), mean((row) => row.estimatedUsd)].map((one) => one.toFixed(3));
  return `| ${[name, ...numbers, ...dollars, `${(off * 100).toFixed(0)} %`].join(" | ")} |`;
}
