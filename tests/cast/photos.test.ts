/**
 * A film in which a person has a photo: the person of every picture is the one of the photo, read from the
 * pixels. The provider is the simulator, which paints a sheet's mark from its prompt and from the photo that
 * it is sent.
 */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CastMember } from "../../contract/cast.ts";
import type { MemberPhoto } from "../../contract/claim.ts";
import { ceilingOfStoryboard } from "../../contract/estimate-cost.ts";
import { FilmOptions } from "../../contract/film.ts";
import { referenceTokens } from "../../contract/picture-sizes.ts";
import { readPrices } from "../../contract/prices.ts";
import { assetKey, photoKey } from "../../contract/storage.ts";
import { normalisePhoto } from "../../render-worker/media/normalise-photo.ts";
import { sheetPrompt } from "../../render-worker/pipeline/cast/sheet-prompt.ts";
import { markOfSheet } from "../../simulators/openai/pictures/marks/mark.ts";
import { readMarks } from "../../simulators/openai/pictures/marks/pixels.ts";
import { createFakeStorage, type FakeStorage } from "../fakes/fake-storage.ts";
import { openSimulator, type SimulatorProcess } from "../openai/start-simulator.ts";
import { attempt, type Bought, createWorld } from "./attempt.ts";
import { dreams } from "./dreams.ts";

const transcript = dreams[3]?.first ?? "";
const name = "woman";
let simulator: SimulatorProcess;
let folder: string;
beforeAll(async () => {
  simulator = await openSimulator();
  await simulator.control({ picture_scale: 0.1 });
  folder = await mkdtemp(join(tmpdir(), "photos-"));
});
afterAll(async () => {
  await simulator.stop();
  await rm(folder, { recursive: true });
});

/** An owner's objects, and the photos that are in them. */
async function open() {
  const owner = await mkdtemp(join(folder, "owner-"));
  const store: FakeStorage = createFakeStorage(owner);
  const upload = async (id: string, bytes: Buffer): Promise<MemberPhoto> => {
    const file = join(owner, id);
    await writeFile(file, bytes);
    await store.storage.putFile(photoKey(id), file, "", AbortSignal.timeout(10_000), {});
    return {
      kind: "person",
      name,
      photo: createHash("sha256").update(bytes).digest("hex"),
      key: photoKey(id),
    };
  };
  return { ...store, upload, world: createWorld(simulator.origin, store.storage) };
}

const paint = (background: string) =>
  sharp({ create: { width: 300, height: 200, channels: 3, background } })
    .jpeg()
    .toBuffer();

/** The mark of the sheet that is painted from this photo. */
async function markOf(member: CastMember, bytes: Buffer): Promise<number | null> {
  const file = join(folder, createHash("sha256").update(bytes).digest("hex"));
  await writeFile(file, bytes);
  await normalisePhoto(file, `${file}.jpg`, AbortSignal.timeout(30_000));
  const sent = createHash("sha256")
    .update(await readFile(`${file}.jpg`))
    .digest("hex");
  return markOfSheet(sheetPrompt(member, "dreamlike"), [sent]);
}

const find = ({ storyboard }: Bought) => storyboard.cast?.find((one) => one.name === name) as CastMember;

/** In every picture with the person is this mark, and in no other. */
async function expectMark(film: Bought, mark: number | null): Promise<void> {
  const { id } = find(film);
  const scenes = film.storyboard.scenes.map(({ cast = [] }) => cast.includes(id));
  expect(scenes.filter(Boolean).length).toBeGreaterThan(1);
  const marks = await Promise.all(film.pictures.map(readMarks));
  expect(marks.map((found) => found.includes(mark ?? -1))).toEqual(scenes);
}

it("shows the person of the photo in every picture, and sends the photo once", async () => {
  const { world, upload } = await open();
  const photo = await paint("#804020");
  const photos = [await upload("one", photo)];
  const film = await attempt(world, { transcript, photos });
  expect(film.warnings).toEqual([]);
  expect(find(film).photo).toBe(photos[0]?.photo);
  const mark = await markOf(find(film), photo);
  expect(mark).not.toBe(markOfSheet(sheetPrompt({ ...find(film), photo: undefined }, "dreamlike"), []));
  await expectMark(film, mark);
  // The film of another dream, and the same film again, find the sheet.
  const again = await attempt(world, { transcript, photos });
  expect(again.spent).toMatchObject({ sheets: 0, pictures: 0 });
});

it("buys a new sheet for another photo, and shows the description once the photo is deleted", async () => {
  const { world, upload, objects } = await open();
  const plain = await attempt(world, { transcript });
  const [one, two] = [await paint("#102030"), await paint("#f0e0d0")];
  const first = await attempt(world, { transcript, photos: [await upload("one", one)] });
  expect(first.spent).toMatchObject({ sheets: 1, text: 0 });
  const second = await attempt(world, { transcript, photos: [await upload("two", two)] });
  expect(second.spent.sheets).toBe(1);
  await expectMark(second, await markOf(find(second), two));

  // A redo keeps every picture. The scene that is redone gets the person's sheet as it is now.
  const { id, sheet = "" } = find(second);
  const redone = second.storyboard.scenes.findIndex(({ cast }) => cast?.includes(id));
  const scenes = second.storyboard.scenes.map((scene, index) =>
    index === redone ? { ...scene, picture_take: 1 } : scene,
  );
  const storyboard = { ...second.storyboard, scenes };
  objects.delete(assetKey(sheet, "png"));
  objects.delete(photoKey("two"));
  const redo = await attempt(world, { transcript, storyboard });
  expect(redo.spent).toMatchObject({ pictures: 1, sheets: 0 });
  expect(redo.warnings).toEqual(["cast.no_photo"]);
  const marks = await readMarks(redo.pictures[redone] as Buffer);
  expect(marks).toContain(markOfSheet(sheetPrompt(find(plain), "dreamlike"), []));

  // With another photo in its place, it is that photo's person.
  const photos = [await upload("three", one)];
  const other = await attempt(world, { transcript, photos, storyboard: renumber(storyboard, redone) });
  expect(other.warnings).toEqual([]);
  expect(await readMarks(other.pictures[redone] as Buffer)).toContain(await markOf(find(first), one));
});

const renumber = (storyboard: Bought["storyboard"], at: number) => ({
  ...storyboard,
  scenes: storyboard.scenes.map((scene, index) => (index === at ? { ...scene, picture_take: 2 } : scene)),
});

it("films the description, with a warning, where the upload is no picture after all", async () => {
  const { world, upload } = await open();
  const whole = await paint("#444");
  const damaged = Buffer.concat([whole.subarray(0, 300), Buffer.alloc(200, 0x55), whole.subarray(-2)]);
  const film = await attempt(world, { transcript, photos: [await upload("bad", damaged)] });
  expect(film.warnings).toEqual(["cast.no_photo"]);
  const described = { ...find(film), photo: undefined };
  await expectMark(film, markOfSheet(sheetPrompt(described, "dreamlike"), []));
});

it("costs what its ceiling covers: the photo is one more picture of the request", async () => {
  const plain = await attempt((await open()).world, { transcript });
  const owner = await open();
  const pictured = await attempt(owner.world, {
    transcript,
    photos: [await owner.upload("one", await paint("#555"))],
  });
  const photoUsd = (referenceTokens * readPrices({}).picture.priceImageIn) / 1e6;
  const added = pictured.spent.costUsd - plain.spent.costUsd;
  expect(Math.abs(added / photoUsd - 1)).toBeLessThan(0.1);
  const options = FilmOptions.parse({ length_seconds: 33, cast: true });
  const ceiling = ceilingOfStoryboard(pictured.storyboard, options, readPrices({}));
  expect(pictured.spent.costUsd).toBeLessThan(ceiling / 1e6);
});
