import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filmKey } from "../../contract/storage.ts";
import { useAssetStores } from "../../tests/fakes/fake-assets.ts";
import type { Storage } from "../clients/storage.ts";
import type { AssetStore } from "../purchases/asset-store.ts";
import type { FilmContext } from "./film-context.ts";
import { openSameFilm, type Parts } from "./same-film.ts";

const { bucket, storeOf, folderOf } = useAssetStores();
const sizes = { filmSize: { width: 64, height: 36 }, previewSize: { width: 32, height: 18 } };
const files = ["film.mp4", "preview.mp4", "storyboard.jpg"] as const;
const published = { durationSeconds: 6.4, sizeBytes: 4, sha256: "a".repeat(64) };

/** The parts of a film of one scene, whose segments have this fingerprint. */
function partsOf(fingerprint: string, title = "Sea"): Parts {
  const segments = { preview: { fingerprint: `${fingerprint} small` }, film: { fingerprint } };
  const scene = { segments, sound: { fingerprint: "sound" }, frames: 16, title: "A sea." };
  return { scenes: [scene], title, language: "en", origin: { models: ["m"] } };
}

/** One attempt of the job, and its store of assets. */
function attempt(storage: Storage, jobId: string, more: Partial<FilmContext> = {}) {
  const { signal } = new AbortController();
  const assets: AssetStore = storeOf(storage);
  const job = { dream_id: "drm", job_id: jobId, attempt: 1 };
  const context = { ...sizes, assets, job, signal, storage, ...more } as FilmContext;
  return { assets, open: (parts: Parts) => openSameFilm(parts, context) };
}

/** Publishes a film of these parts, as the first job does. */
async function publish(storage: Storage, parts: Parts, jobId = "first"): Promise<void> {
  const { assets, open } = attempt(storage, jobId);
  const path = join(folderOf(), "published");
  await writeFile(path, jobId);
  for (const file of files)
    await storage.putFile(filmKey("drm", jobId, 1, file), path, "video/mp4", AbortSignal.any([]));
  open(parts).remember(published);
  await assets.flush();
}

it("copies the files of the film that had the same parts to the attempt's own keys", async () => {
  const { storage, objects } = bucket();
  await publish(storage, partsOf("one"));
  const { open } = attempt(storage, "second");
  expect(await open(partsOf("one")).copy()).toEqual(published);
  for (const file of files)
    expect(objects.get(filmKey("drm", "second", 1, file))).toBe(
      objects.get(filmKey("drm", "first", 1, file)),
    );
});

it("finds none of other parts, another title or another signer", async () => {
  const { storage } = bucket();
  await publish(storage, partsOf("one"));
  const copyOf = async (parts: Parts, more: Partial<FilmContext> = {}) =>
    attempt(storage, "second", more).open(parts).copy();
  expect(await copyOf(partsOf("two"))).toBeNull();
  expect(await copyOf(partsOf("one", "Lake"))).toBeNull();
  expect(await copyOf(partsOf("one"), { signedBy: "another certificate" })).toBeNull();
  expect(await copyOf(partsOf("one"))).not.toBeNull();
});

it("copies nothing where the earlier film is gone, and finds the one that was made instead", async () => {
  const { storage, objects } = bucket();
  await publish(storage, partsOf("one"));
  objects.delete(filmKey("drm", "first", 1, "film.mp4"));
  const copy = async (jobId: string) => attempt(storage, jobId).open(partsOf("one")).copy();
  expect(await copy("second")).toBeNull();
  await publish(storage, partsOf("one"), "second");
  expect(await copy("third")).toEqual(published);
  expect(objects.get(filmKey("drm", "third", 1, "film.mp4"))).toBe(
    objects.get(filmKey("drm", "second", 1, "film.mp4")),
  );
});
