/**
 * A film that the dreamer's own recording narrates, made by the real edge, queue, worker and object store.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Estimate, FilmCost } from "../../contract/cost.ts";
import type { RedoQueued } from "../../contract/job.ts";
import { hearFilm, measureShown, readVttWords } from "./hear-film.ts";
import { briefHesitation, type HesitantSpeech, speakHesitantly } from "./hesitant-speech.ts";
import { startWorld, type World } from "./start-world.ts";
import { createTeller, type Teller } from "./tell.ts";

let world: World;
let teller: Teller;
let speech: HesitantSpeech;
let dream: string;
beforeAll(async () => {
  world = await startWorld();
  teller = createTeller(world.cloud.edgeUrl, await world.cloud.newKey("ada"));
  await world.startWorker();
  speech = await speakHesitantly(briefHesitation);
  await world.cloud.breakOpenai({ hears: speech.text });
  dream = await teller.newDream();
});
afterAll(() => world.stop());

const options = { voice: "own", aspect: "1:1" };
const download = async (url: string | null) => Buffer.from(await (await fetch(url as string)).arrayBuffer());
const voiceCalls = async () =>
  (await world.cloud.bill()).billed.filter(({ capability }) => capability === "voice");
const sorted = (errors: readonly number[]) => errors.map(Math.abs).sort((a, b) => a - b);

it("is refused before anything is bought where nothing was recorded", async () => {
  const written = await teller.newDream("I flew over a silver sea.");
  const { status, json } = await teller.call("POST", `/dreams/${written}/finish`, options);
  expect([status, json.code]).toEqual([422, "voice.no_recording"]);
});

it("plays the recording without its long pause, shows each word when it is heard, and costs nothing", {
  timeout: 300_000,
}, async () => {
  await teller.tell(dream, { id: "a", order: 0, sound: speech.wav, type: "audio/wav" });
  await teller.untilTranscribed(dream);
  const estimate = await teller.call<Estimate>("POST", "/estimate", { dream_id: dream, options });
  expect(estimate.json.by_capability.voice).toBe(0);
  expect((await teller.call("POST", `/dreams/${dream}/finish`, options)).status).toBe(202);
  const film = await teller.untilFilmed(dream);
  expect(film).toMatchObject({ status: "completed", error: null, warnings: [] });

  const words = readVttWords((await download(film.captions_url)).toString());
  expect(words.map(({ text }) => text).join(" ")).toBe(speech.text);
  const file = join(world.folder, "film.mp4");
  await writeFile(file, await download(film.video_url));
  const { integratedLufs, truePeakDb, pcm } = await hearFilm(file);
  expect(integratedLufs).toBeGreaterThan(-17);
  expect(integratedLufs).toBeLessThan(-15);
  expect(truePeakDb).toBeLessThanOrEqual(-1);
  const errors = sorted(await measureShown(words, pcm, speech));
  expect(errors[Math.floor(errors.length / 2)], "median").toBeLessThanOrEqual(30);
  expect(errors[Math.floor(errors.length * 0.9)], "p90").toBeLessThanOrEqual(80);
  const { scenes, duration_seconds } = film;
  // 2.8 s of the pause of 3.4 s are gone; each scene has a lead-in, a tail and half a grid step of silence.
  expect(duration_seconds).toBeLessThan(speech.seconds - 2.8 + 1.4 * (scenes.total as number));

  const { json: cost } = await teller.call<FilmCost>("GET", `/dreams/${dream}/cost`);
  expect(cost.lines.filter(({ asset }) => asset === "voice")).toEqual([]);
  expect(await voiceCalls()).toEqual([]);
});

it("keeps the own voice when a scene's picture is made again", { timeout: 300_000 }, async () => {
  const { status, json } = await teller.call<RedoQueued>("POST", `/dreams/${dream}/scenes/1/redo`, {
    picture: "A card table under the stars",
  });
  expect([status, json.buys]).toEqual([202, [{ asset: "picture", scene: 1 }]]);
  expect(await teller.untilFilmed(dream)).toMatchObject({ status: "completed", error: null });
  expect(await voiceCalls()).toEqual([]);
});
