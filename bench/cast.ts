/**
 * What a cast costs, over ten dreams of people who return: their storyboard, sheets and pictures, as the simulator
 * bills them. The voice is left out: it costs the same with and without a cast.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { estimateFilm } from "../contract/estimate-cost.ts";
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
  estimatedUsd: number | null;
}

/** Prints the table of docs/cost.md. */
export async function run(): Promise<void> {
  const simulator = await startSimulator();
  await simulator.control({ picture_scale: 0.1 });
  const folder = await mkdtemp(join(tmpdir(), "bench-cast-"));
  const rows = new Map<string, Row[]>();
  try {
    for (const [index, { first, second }] of dreams.entries()) {
      const storage = async () => createFakeStorage(await mkdtemp(join(folder, `${index}-`))).storage;
      const newWorld = async () => createWorld(simulator.origin, await storage());
      const measure = async (name: string, world: Awaited<ReturnType<typeof newWorld>>, asked: Asked) => {
        const film = await attempt(world, asked);
        const { pictures, sheets, costUsd } = film.spent;
        const estimatedUsd = asked.storyboard || asked.known ? null : estimate(asked);
        rows.set(name, [...(rows.get(name) ?? []), { pictures, sheets, costUsd, estimatedUsd }]);
        return film;
      };
      await measure("a film without a cast", await newWorld(), {
        transcript: first,
        options: { cast: false },
      });
      const world = await newWorld();
      const film = await measure("a film with a cast", world, { transcript: first });
      const scenes = film.storyboard.scenes.map((scene, at) => ({
        ...scene,
        picture_take: at === 2 ? 1 : 0,
      }));
      await measure("a redo of one scene", world, {
        transcript: first,
        storyboard: { ...film.storyboard, scenes },
      });
      await measure("a second film, never told of them", await newWorld(), { transcript: second });
      const known = film.storyboard.cast ?? [];
      await measure("a second film of the same people", world, { transcript: second, known });
    }
  } finally {
    await simulator.stop();
    await rm(folder, { recursive: true });
  }
  console.log("| mean of ten | pictures | sheets | US dollars | estimated | furthest off |");
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, of] of rows) console.log(line(name, of));
}

function estimate({ transcript, options }: Asked): number {
  const asked = FilmOptions.parse({ length_seconds: 33, cast: true, ...options });
  const { text, picture } = estimateFilm(transcript, asked, readPrices({})).microUsd;
  return (text + picture) / 1e6;
}

function line(name: string, rows: readonly Row[]): string {
  const mean = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const estimated = rows.some(({ estimatedUsd }) => estimatedUsd === null)
    ? "—"
    : mean((row) => row.estimatedUsd ?? 0).toFixed(3);
  const off = Math.max(...rows.map((row) => Math.abs((row.estimatedUsd ?? row.costUsd) / row.costUsd - 1)));
  const numbers = [mean((row) => row.pictures), mean((row) => row.sheets)].map((one) => one.toFixed(1));
  const furthest = estimated === "—" ? "—" : `${(off * 100).toFixed(0)} %`;
  return `| ${[name, ...numbers, mean((row) => row.costUsd).toFixed(3), estimated, furthest].join(" | ")} |`;
}
