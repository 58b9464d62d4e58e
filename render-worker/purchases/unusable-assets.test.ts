/**
 * Answers of providers that are no picture or no voice, decoded by the real ffmpeg: what is bought, and how
 * the film ends.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { beforeEach, describe, expect, it } from "vitest";
import { FilmOptions } from "../../contract/film.ts";
import { ceilingOfVoice, readPrices, type VoicePrices } from "../../contract/prices.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { priceSpeech } from "../../contract/voices/paid-voice.ts";
import { createFakeLedger, type FakeLedger } from "../../tests/fakes/fake-ledger.ts";
import { createFakeStorage } from "../../tests/fakes/fake-storage.ts";
import type { Storage } from "../clients/storage.ts";
import { Rejected } from "../errors.ts";
import { Slots } from "../flow/slots.ts";
import { noSheets } from "../pipeline/cast/sheets.ts";
import type { FilmContext } from "../pipeline/film-context.ts";
import { preparePicture } from "../pipeline/prepare-picture.ts";
import { prepareVoice } from "../pipeline/prepare-voice.ts";
import { Progress } from "../pipeline/progress.ts";
import { parseProviders } from "../runtime/providers.ts";
import { type AssetStore, createAssetStore } from "./asset-store.ts";

const { signal } = new AbortController();
const narration = "I was flying over the sea.";
const scene = { narration, picture: "A sea", picture_take: 0, voice_take: 0 };
const storyboard: Storyboard = { title: "Sea", language: "en", scenes: [scene, scene] };
const speechOnly = { OPENAI_API_KEY: "k", VOICE_CHAIN: "speech" };
const speech = readPrices(speechOnly).voices[0] as Extract<VoicePrices, { kind: "speech" }>;
let folder: string;
let storage: Storage;
let opened: AssetStore[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unusable-"));
  ({ storage } = createFakeStorage(folder));
  opened = [];
  return async () => {
    await Promise.all(opened.map((assets) => assets.flush()));
    await rm(folder, { recursive: true });
  };
});

/** One attempt at scene 1 with a provider that sends `bytes` every time. */
function attempt(bytes: Buffer) {
  const ledger = createFakeLedger();
  const progress = new Progress(() => {});
  const ports = ledger.ports(storage, signal);
  const assets = createAssetStore(ports, "o", folder, signal);
  opened.push(assets);
  const paid = { costMicroUsd: null, requestId: null };
  let calls = 0;
  const paint = async () => {
    calls++;
    return { ...paid, value: bytes };
  };
  const speak = async () => {
    calls++;
    return { ...paid, value: { bytes } };
  };
  const context = {
    ...ports,
    ...{ folder, progress, signal, storage, sheets: noSheets },
    ai: {
      ...{ isAway: () => false, hasRecentSuccess: () => true, assertConfigured: () => {} },
      ...{ write: () => Promise.reject(new Error("not asked for")), paint, speak },
    },
    edge: { charge: () => Promise.reject(new Error("the ledger is a fake")) },
    providers: parseProviders(speechOnly),
    encoders: new Slots(2),
    job: {
      ...{ outcome: "claimed", job_id: "j", dream_id: "d", attempt: 1, lease_ms: 60_000, asset_scope: "o" },
      ...{ traceparent: null, storyboard: null, dream: { title: null, transcript: "x" } },
      options: FilmOptions.parse({}),
    },
    // What is bought does not depend on the film's size, and decoding costs in proportion to it.
    filmSize: { width: 320, height: 180 },
    previewSize: { width: 160, height: 90 },
    assets,
  } satisfies Record<string, unknown> as unknown as FilmContext;
  const warnings = () => progress.snapshot.warnings.map(({ code }) => code);
  return { context, ledger, warnings, calls: () => calls };
}

const bookings = ({ calls, settled }: FakeLedger) =>
  [...calls.flatMap(({ settle }) => settle), ...settled].map((one) => [one.outcome, one.cost_micro_usd]);

const noise = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: "#888",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  });
const cut = async (file: Promise<Buffer>, part: number) =>
  file.then((whole) => whole.subarray(0, whole.length * part));

describe("a picture from the provider", () => {
  it.each([
    ["a PNG cut at 60 %", () => cut(noise(300, 200).png().toBuffer(), 0.6)],
    ["a JPEG cut at 70 %", () => cut(noise(300, 200).jpeg().toBuffer(), 0.7)],
    ["a web page", async () => Buffer.from("<!doctype html><html>busy</html>")],
    ["JSON", async () => Buffer.from('{"error":"busy"}')],
    ["nothing", async () => Buffer.alloc(0)],
    ["a GIF", () => noise(300, 200).gif().toBuffer()],
    ["an AVIF", () => noise(300, 200).avif().toBuffer()],
    [
      "41 million pixels",
      () =>
        sharp({ create: { width: 6_400, height: 6_410, channels: 3, background: "#000" } })
          .png()
          .toBuffer(),
    ],
  ])("is paid twice and then painted where it is %s", async (_, make) => {
    const { context, ledger, calls, warnings } = attempt(await make());
    await (await preparePicture(scene, 1, context)).shown;
    expect([calls(), warnings()]).toEqual([2, ["picture.unusable"]]);
    expect(bookings(ledger).map(([outcome]) => outcome)).toEqual(["paid", "paid"]);
    expect(ledger.spent.every((microUsd) => microUsd > 0)).toBe(true);
  });

  it("is decoded for its thumbnail alone where the film pauses at its pictures", async () => {
    const { context } = attempt(await noise(300, 200).png().toBuffer());
    await (await preparePicture(scene, 1, context, false)).shown;
    const plates = (await readdir(folder, { recursive: true })).filter((name) => /plate-1.*yuv$/.test(name));
    expect(plates).toEqual(["plate-1-preview.yuv"]);
  });

  it("is used while it is being stored, and what is made of it leaves the machine after it", async () => {
    const release = Promise.withResolvers<void>();
    const { put, putFile } = storage;
    const stored: string[] = [];
    const keep = (key: string) => stored.push(key.replace(/^assets\/\w+/, "asset"));
    storage = {
      ...storage,
      put: (key, ...rest) => put(key, ...rest).then(() => void keep(key)),
      putFile: async (key, ...rest) => {
        if (key.endsWith(".png")) await release.promise;
        await putFile(key, ...rest);
        keep(key);
      },
    };
    const { context } = attempt(await noise(300, 200).png().toBuffer());
    const { plates, shown } = await preparePicture(scene, 1, context);
    await plates.film();
    expect(stored).toEqual([]);
    release.resolve();
    await shown;
    await context.assets.flush();
    expect([stored[0], stored.length]).toEqual(["asset.png", 4]);
    expect(stored).toContain("dreams/d/j/1/scenes/1.jpg");
  });

  it("fails the film where it cannot be stored", async () => {
    const refused = new Rejected("storage.refused", "The object store refused the request");
    storage = { ...storage, putFile: () => Promise.reject(refused) };
    const { context } = attempt(await noise(300, 200).png().toBuffer());
    const { shown } = await preparePicture(scene, 1, context);
    await expect(shown).rejects.toBe(refused);
  });

  it("that could not be used is bought anew by a later attempt", async () => {
    const first = attempt(Buffer.from("no picture"));
    await (await preparePicture(scene, 1, first.context)).shown;
    const later = attempt(await noise(300, 200).png().toBuffer());
    const { pictureKey } = await preparePicture(scene, 1, later.context);
    expect([later.calls(), later.warnings(), pictureKey]).toEqual([
      1,
      [],
      expect.stringMatching(/^assets\//),
    ]);
  });
});

describe("a voice from the provider", () => {
  const wav = (...args: string[]) =>
    execFileSync(
      "ffmpeg",
      ["-v", "error", "-nostdin", "-f", "lavfi", ...args, "-f", "wav", join(folder, "made.wav"), "-y"],
      {},
    ) && execFileSync("cat", [join(folder, "made.wav")], { maxBuffer: 1 << 26 });
  const tone = () => wav("-i", "sine=220:d=2:r=24000");

  it.each([
    ["cut at 60 %", () => tone().subarray(0, 57_000)],
    ["JSON", () => Buffer.from('{"error":"busy"}')],
    ["nothing", () => Buffer.alloc(0)],
    ["five minutes long", () => wav("-i", "anullsrc=r=8000:cl=mono:d=300")],
  ])("fails the film, named and to be asked for again, where it is %s", async (_, make) => {
    const { context, ledger, calls } = attempt(make());
    await expect(prepareVoice(storyboard, 1, context)).rejects.toMatchObject({
      ...{ name: "Rejected", code: "voice.unusable", message: expect.stringContaining("Scene 2") },
    });
    const ceiling = ceilingOfVoice(speech, narration);
    expect([calls(), bookings(ledger)]).toEqual([
      2,
      [
        ["paid", ceiling],
        ["paid", ceiling],
      ],
    ]);
  });

  it("that could not be used is bought anew by a later attempt", async () => {
    const first = attempt(Buffer.from("no voice"));
    await expect(prepareVoice(storyboard, 1, first.context)).rejects.toThrow();
    const later = attempt(tone());
    await prepareVoice(storyboard, 1, later.context);
    expect(later.calls()).toBe(1);
  });

  it.each([
    ["a byte short", () => tone().subarray(0, -1)],
    [
      "as MP3",
      () => execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=2", "-f", "mp3", "-"]),
    ],
    ["with a header that promises ten minutes", () => promising(tone(), 600 * 48_000)],
  ])("is taken and priced by its decoded length, %s", async (_, make) => {
    const { context, ledger, calls } = attempt(make());
    await prepareVoice(storyboard, 1, context);
    expect(calls()).toBe(1);
    const [price] = ledger.spent;
    expect(price).toBeGreaterThanOrEqual(priceSpeech(speech, 1.9));
    expect(price).toBeLessThanOrEqual(priceSpeech(speech, 2.2));
    expect(ledger.settled).toMatchObject([{ outcome: "paid", estimated: false }]);
  });

  it("is asked for once more where it is silent, and then filmed with a warning", async () => {
    const silence = () => wav("-i", "anullsrc=r=24000:cl=mono:d=2");
    const first = attempt(silence());
    await prepareVoice(storyboard, 1, first.context);
    expect([first.calls(), first.warnings()]).toEqual([2, ["voice.silent"]]);
    const dots = { ...storyboard, scenes: [scene, { ...scene, narration: "…" }] };
    const unspoken = attempt(silence());
    await prepareVoice(dots, 1, unspoken.context);
    expect([unspoken.calls(), unspoken.warnings()]).toEqual([1, []]);
  });
});

/** The WAV with another length in its header. */
function promising(wav: Buffer, dataBytes: number): Buffer {
  wav.writeUInt32LE(dataBytes, wav.indexOf("data") + 4);
  return wav;
}
