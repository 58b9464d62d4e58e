/** The studio in a real Chromium: a film plays while it is being made, with and without network failures. */
// The first part is of studio.test.ts, which has one local cloud and one Chromium for all of its parts: npx
// vitest run tests/studio/studio.test.ts -t "a film that is being made". The other one is of live.test.ts, a
// slow file: two more films that play in real time to their ends.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import type Hls from "hls.js";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { findViolations } from "./find-violations.ts";
import { patienceMs, type Studio, shoot } from "./open-studio.ts";
import { submitDream } from "./submit-dream.ts";

/** The height of the film's frames: see small-worker.ts. */
const filmHeight = 270;

const dream =
  "I walked down a stair of light into the sea. A whale was waiting for me there. It sang, and every window of the town lit up.";

/**
 * The last scene's picture comes eight seconds after the others, so the film is in the making on any machine.
 */
const delayLastScene = (studio: Studio) =>
  studio.control({
    faults: [
      {
        ...{ kind: "rate_limited", capability: "picture", match: "window town lit" },
        ...{ times: 1, retry_after_ms: 8_000 },
      },
    ],
  });

export const watchFilm = (open: () => Studio) =>
  describe("a film that is being made", () => {
    it("plays the film while it is being made, to its end, and from the start in full sharpness", {
      timeout: 300_000,
    }, async () => {
      const studio = open();
      const { page, context, faults } = await studio.open({ viewport: { width: 800, height: 600 } });
      expect(page.url()).toBe(`${studio.info.edge_url}/#/`);
      await delayLastScene(studio);
      const dreamId = await submitDream(page, { dream, look: "Storybook", seconds: 10 });

      const samples: { status: string | null; at: number }[] = [];
      let pictures = 0;
      let shot = false;
      await until(async () => {
        const { status } = await studio.status(dreamId);
        const { at } = await look(page);
        samples.push({ status, at });
        if (at === 0) expect(await page.evaluate(curtainMismatch)).toBeNull();
        pictures = Math.max(pictures, await page.locator(".scene-picture img:visible").count());
        if (at > 0.5 && !shot) {
          await shoot(page, "playing-while-made");
          shot = true;
        }
        return status !== "queued" && status !== "processing";
      });

      const whileMade = samples
        .filter(({ status, at }) => status === "processing" && at > 0)
        .map(({ at }) => at);
      expect(new Set(whileMade).size, "the film advanced while its status was processing").toBeGreaterThan(1);
      expect(whileMade).toEqual(whileMade.toSorted((a, b) => a - b));
      expect(pictures).toBe(await page.locator(".scene").count());

      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
      const { duration_seconds, video_url, hls_url } = await studio.status(dreamId);
      const seconds = duration_seconds as number;
      await expectSmoothEnd(page, seconds);
      expect(await seenBy(page)).toEqual((await studio.log(dreamId)).map(({ seq }) => seq));

      await page.locator("#film-end-picture").waitFor();
      await shoot(page, "ended");
      expect(await findViolations(page)).toEqual([]);
      await page.getByRole("button", { name: "Replay" }).click();
      await page.getByRole("button", { name: "Replay" }).waitFor({ state: "hidden" });
      const replayed = await page.evaluate(replay, filmHeight);
      expect(replayed.height, "the second time it is the film itself").toBe(filmHeight);
      await expectSmoothEnd(page, seconds);

      const streamed = await decode(new URL(`${filmHeight}p/index.m3u8`, hls_url as string).href);
      expect(streamed.frames).toBe(Math.round(seconds * 30));
      expect(streamed, "the stream and the file are the same frames, in picture and sound").toEqual(
        await decode(video_url as string),
      );

      const download = page.getByRole("link", { name: "Download" });
      expect(await download.getAttribute("href")).toBe(`${video_url}?download`);
      await expectWordsOnce(page);
      await expectFirstSceneOnSlowLink(page);
      expect(faults).toEqual([]);
      await context.close();
    });
  });

export const watchElsewhere = (open: () => Studio) =>
  describe("a film that is being made", () => {
    it("plays in hls.js without any help of ours, which sees both renditions from the start", {
      timeout: 300_000,
    }, async () => {
      const studio = open();
      await delayLastScene(studio);
      const { id } = await studio.ask<{ id: string }>("/dreams", { transcript: dream });
      await studio.ask(`/dreams/${id}/finish`, { length_seconds: 10, captions: "sentence" });
      const { hls_url } = await until(
        () => studio.status(id),
        ({ hls_url }) => hls_url !== null,
      );
      expect((await studio.status(id)).status).toBe("processing");
      const page = await studio.browser.newPage({ viewport: { width: 640, height: 360 } });
      page.setDefaultTimeout(patienceMs);
      // A page of ours without a security policy, which would forbid the library's tag.
      await page.goto(`${studio.info.edge_url}/health`);
      await page.addScriptTag({ path: "node_modules/hls.js/dist/hls.min.js" });
      const start = await page.evaluate(playPlainly, hls_url as string);
      // A quarter of production's 360 and 1080: the studio's tests run the small worker.
      expect(start).toEqual({ heights: [90, 270], captions: [{ lang: "en", default: false }] });
      const { duration_seconds } = await until(
        () => studio.status(id),
        ({ status }) => status === "completed",
        patienceMs,
      );
      // The smaller rendition may have played to its end meanwhile.
      await page.evaluate(async () => {
        const video = document.querySelector("video") as HTMLVideoElement;
        video.currentTime = 0;
        // At once: a film of two scenes may be in the buffer as a whole.
        window.plain.currentLevel = 1;
        await video.play();
      });
      await page.waitForFunction(() => document.querySelector("video")?.ended, null, {
        polling: 250,
      });
      const end = await page.evaluate(() => ({
        fatal: window.plainFaults,
        at: document.querySelector("video")?.currentTime,
        height: window.plain.levels[window.plain.currentLevel]?.height,
        showing: [...(document.querySelector("video")?.textTracks ?? [])].map(({ mode }) => mode),
      }));
      expect(end).toMatchObject({ fatal: [], height: filmHeight });
      expect(end.showing).not.toContain("showing");
      expect(end.at).toBeCloseTo(duration_seconds as number, 0);
      await expectDeclaredRates(hls_url as string);
      await page.context().close();
    });

    it("says that it is offline when the network fails, then loses nothing and shows nothing twice", {
      timeout: 300_000,
    }, async () => {
      const studio = open();
      const { page, context, faults } = await studio.open({ viewport: { width: 390, height: 844 } });
      await delayLastScene(studio);
      const dreamId = await submitDream(page, { dream, look: "Noir", seconds: 10 });
      await page.waitForFunction(
        () => (document.querySelector<HTMLVideoElement>("#film")?.currentTime ?? 0) > 0.3,
        null,
        {
          polling: 100,
        },
      );
      expect((await studio.status(dreamId)).status).toBe("processing");
      const heard = (await studio.log(dreamId)).length;
      await context.setOffline(true);
      await page.locator("#offline").waitFor();
      await shoot(page, "offline-phone");
      // The page misses events.
      await until(async () => (await studio.log(dreamId)).length > heard + 2);
      await context.setOffline(false);

      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
      expect(await page.locator("#offline").isVisible()).toBe(false);
      const { duration_seconds, scenes } = await studio.status(dreamId);
      await expectSmoothEnd(page, duration_seconds as number);
      expect(await seenBy(page)).toEqual((await studio.log(dreamId)).map(({ seq }) => seq));
      const narrations = await page.locator(".narration").allTextContents();
      expect(narrations).toHaveLength(scenes.total as number);
      expect(new Set(narrations).size).toBe(narrations.length);
      expect(faults).toEqual([]);
      await context.close();
    });
  });

declare global {
  interface Window {
    Hls: typeof Hls;
    plain: Hls;
    plainFaults: string[];
  }
}

/** Runs in the page: plays the stream by hls.js as it is, and gives what the first playlist lists. */
async function playPlainly(address: string) {
  document.body.innerHTML = "<video muted playsinline></video>";
  const video = document.querySelector("video") as HTMLVideoElement;
  const hls = new window.Hls({ enableWorker: false, startPosition: 0 });
  window.plain = hls;
  window.plainFaults = [];
  hls.on(window.Hls.Events.ERROR, (_, { fatal, details }) => {
    if (fatal) window.plainFaults.push(details);
  });
  const parsed = new Promise((resolve) => hls.once(window.Hls.Events.MANIFEST_PARSED, resolve));
  hls.loadSource(address);
  hls.attachMedia(video);
  await parsed;
  video.muted = true;
  await video.play();
  return {
    heights: hls.levels.map(({ height }) => height),
    captions: hls.allSubtitleTracks.map(({ lang, default: isDefault }) => ({ lang, default: isDefault })),
  };
}

/** No piece of a finished stream has a higher rate than its rendition declares. */
async function expectDeclaredRates(address: string): Promise<void> {
  const read = async (url: string) => (await fetch(url)).text();
  const variants = [...(await read(address)).matchAll(/[:,]BANDWIDTH=(\d+).*\n(.+)/g)];
  expect(variants).toHaveLength(2);
  for (const [, declared, uri = ""] of variants) {
    const at = new URL(uri, address).href;
    const pieces = [...(await read(at)).matchAll(/#EXTINF:([\d.]+),\n(.+)/g)];
    const rates = await Promise.all(
      pieces.map(async ([, seconds, piece = ""]) => {
        const bytes = (await (await fetch(new URL(piece, at))).arrayBuffer()).byteLength;
        return (8 * bytes) / Number(seconds);
      }),
    );
    // The playlist rounds lengths to microseconds and rates to bits: of a short piece of a small film,
    // 0.000005 each.
    expect(Number(declared) / Math.max(...rates)).toBeCloseTo(1, 4);
  }
}

/**
 * Runs in the page: the curtain's words if they do not belong to its picture. Null: they do, or there is no
 * picture.
 */
function curtainMismatch(): string | null {
  const picture = document.querySelector<HTMLImageElement>("#curtain-picture");
  const [, scene] = /scenes\/(\d+)\.jpg/.exec(picture?.hidden ? "" : (picture?.src ?? "")) ?? [];
  if (scene === undefined || document.querySelector<HTMLElement>("#curtain")?.hidden) return null;
  const told = document.querySelectorAll(".narration")[Number(scene)]?.textContent ?? "";
  const words = document.querySelector("#curtain-text")?.textContent ?? "";
  return words === told ? null : `scene ${scene} with the words: ${words}`;
}

/** The pictures contain the words: larger ones are beside them, and no track lies over them. */
async function expectWordsOnce(page: Page): Promise<void> {
  const larger = page.locator("#larger-words");
  await page.getByRole("button", { name: "Larger words" }).click();
  // The film is at its end, where no word is said.
  await larger.getByText("lit up").waitFor();
  await page.evaluate(() => {
    (document.querySelector("#film") as HTMLVideoElement).currentTime = 0;
  });
  await larger.getByText("stair").waitFor();
  await page.evaluate(() => {
    (document.querySelector("#film") as HTMLVideoElement).currentTime = 1.5;
  });
  await page.locator("#larger-words", { hasText: /whale|stair|window/ }).waitFor();
  await shoot(page, "larger-words");
  const track = await page.evaluate(() => {
    const { kind, mode } = (document.querySelector("#film") as HTMLVideoElement).textTracks[0] as TextTrack;
    return { kind, mode };
  });
  expect(track).toEqual({ kind: "metadata", mode: "hidden" });
}

/** Until the film's first frame arrives, the finished film shows its first scene. */
async function expectFirstSceneOnSlowLink(page: Page): Promise<void> {
  await page.route("**/*.m4s", () => {});
  // The picture arrives after everything else.
  await page.route("**/scenes/0.jpg", async (route) => {
    await page.locator(".narration").first().waitFor();
    await route.continue();
  });
  await page.reload();
  await page.locator("#curtain-picture").waitFor();
  expect(await page.locator("#curtain-picture").getAttribute("src")).toMatch(/\/scenes\/0\.jpg$/);
  await page.locator("#curtain-text", { hasText: "stair of light" }).waitFor();
  await shoot(page, "finished-slow-link");
  expect(await page.evaluate(curtainMismatch)).toBeNull();
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

/** Every picture and all of the sound, decoded, as one hash each. Any complaint of the decoder fails. */
async function decode(address: string) {
  const hashes = ["-f", "framehash", "-hash", "md5", "-"];
  const { stdout, stderr } = await promisify(execFile)(
    "ffmpeg",
    ["-nostdin", "-v", "warning", "-i", address, "-map", "0:v:0", "-map", "0:a:0", ...hashes],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  expect(stderr).toBe("");
  const lines = stdout.split("\n").filter((line) => /^\d/.test(line));
  const of = (stream: string) => lines.filter((line) => line.startsWith(stream));
  const times = of("0").map((line) => Number(line.split(",")[2]));
  const hashOf = (stream: string) =>
    createHash("md5")
      .update(
        of(stream)
          .map((line) => line.split(",").at(-1))
          .join(),
      )
      .digest("hex");
  return {
    frames: times.length,
    /** Frames have equal distances: no gap, no overlap. */
    steps: [...new Set(times.slice(1).map((time, i) => time - (times[i] as number)))].length,
    sound: of("1").length,
    pictures: hashOf("0"),
    heard: hashOf("1"),
  };
}

const look = (page: Page) =>
  page.evaluate(() => {
    const video = document.querySelector("#film") as HTMLVideoElement;
    return { at: video.currentTime, ended: video.ended };
  });

/** From here on the film plays to its end without a wait for data. */
async function expectSmoothEnd(page: Page, seconds: number): Promise<void> {
  const end = await page.evaluate(async () => {
    const video = document.querySelector("#film") as HTMLVideoElement;
    const waitsAt: number[] = [];
    const isBuffered = (at: number) =>
      Array.from({ length: video.buffered.length }, (_, range) => range).some(
        (range) => video.buffered.start(range) <= at && at + 0.1 < video.buffered.end(range),
      );
    video.addEventListener("waiting", () => {
      // A slow decoder also waits, but has the data.
      if (!isBuffered(video.currentTime)) waitsAt.push(video.currentTime);
    });
    if (!video.ended) await new Promise((done) => video.addEventListener("ended", done, { once: true }));
    return { at: video.currentTime, ranges: video.buffered.length, waitsAt };
  });
  expect(Math.abs(end.at - seconds), `ended at ${end.at} s of ${seconds} s`).toBeLessThan(0.1);
  expect(end.ranges).toBe(1);
  expect(end.waitsAt).toEqual([]);
}

/** Runs in the page: starts the film again, and returns the height of its frames after a second at most. */
async function replay(filmHeight: number): Promise<{ height: number }> {
  const video = document.querySelector("#film") as HTMLVideoElement;
  video.currentTime = 0;
  // The player may load the film again for this, and then starts it by itself.
  await video.play().catch(() => {});
  while (video.currentTime < 0.2 || (video.videoHeight < filmHeight && video.currentTime < 1))
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { height: video.videoHeight };
}

/** Numbers of the stored events that reached the page, in the order of arrival. */
async function seenBy(page: Page): Promise<number[]> {
  const ids = await page.evaluate(() => (globalThis as unknown as { seenEvents: string[] }).seenEvents);
  return ids.map((id) => Number(id.split(":")[1]));
}
