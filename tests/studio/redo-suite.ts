/**
 * The redo of one scene of a finished film, in a real Chromium: its purchases, its time, and what does not
 * change.
 */
// A part of studio.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose
// start takes longer than most tests. This part alone: npx vitest run tests/studio/studio.test.ts -t "a scene
// of a finished film"
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { VideoStatus } from "../../contract/job.ts";
import type { TakeList } from "../../contract/takes.ts";
import { until } from "../until.ts";
import { expectMarked } from "./expect-marked.ts";
import type { Studio } from "./open-studio.ts";
import { shoot } from "./open-studio.ts";
import { submitDream } from "./submit-dream.ts";

const dream = `I was flying over a city made of glass. Every window held a different season.
When I landed, my grandmother was waiting with a lantern. The street turned into a slow green river.`;
const scenes = 4;
const redone = 1;

export const redoScenes = (open: () => Studio) =>
  describe("a scene of a finished film", () => {
    let dreamId: string;

    it("is changed for the price of one picture, and only it and the fade after it get other bytes", {
      timeout: 300_000,
    }, async () => {
      const studio = open();
      const { page, context, faults } = await studio.open({
        viewport: { width: 640, height: 480 },
        plays: false,
      });
      // The background sound crosses over from scene to scene, so a neighbour's sound follows the pictures.
      await page.getByLabel("Quiet background sound").uncheck();
      dreamId = await submitDream(page, { dream, look: "Storybook", seconds: 20 });
      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
      const first = await studio.status(dreamId);
      expect(first.scenes.total).toBe(scenes);
      const billBefore = await studio.bill();

      await page.getByRole("button", { name: `Redo scene ${redone + 1}` }).click();
      await page
        .getByLabel("What the picture shows")
        .fill("A red paper boat on a black lake at night, far from any shore");
      await shoot(page, "redo-dialog");
      await page.getByRole("button", { name: "Redo the scene" }).click();
      await page.locator("#headline", { hasText: "Making scene 2 again" }).waitFor();
      await page.locator("#detail", { hasText: "you can watch the film as it was" }).waitFor();
      expect(await page.locator("#curtain").isVisible(), "the film stays in sight").toBe(false);
      const address = await page.getByRole("link", { name: "Download" }).getAttribute("href");
      expect(address).toContain(first.job_id);
      await shoot(page, "redo-is-made");
      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
      await shoot(page, "redone");

      const second = await studio.status(dreamId);
      expect(second.job_id).not.toBe(first.job_id);
      const bill = await studio.bill();
      expect({ ...bill, picture: (bill.picture as number) - 1 }).toEqual(billBefore);

      expect(await changedScenes(first, second)).toEqual([redone, redone + 1]);
      await expectMarked(page, second, ["glass", "lighthouse", "lantern", "boat"]);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("is filmed with another of its pictures at no cost, and with the first one again to the same bytes", {
      timeout: 300_000,
    }, async () => {
      const studio = open();
      const first = await studio.status(dreamId);
      const billBefore = await studio.bill();
      const address = `/dreams/${dreamId}/scenes/${redone}/takes`;
      const { page, context, faults } = await studio.open({
        viewport: { width: 1280, height: 800 },
        plays: "sound",
      });
      await page.goto(`${studio.info.edge_url}/#/dreams/${dreamId}`);
      const more = page.getByRole("button", { name: `More pictures of scene ${redone + 1}` });
      await more.press("Enter");
      const dialog = page.getByRole("dialog", { name: `Pictures of scene ${redone + 1}` });
      await dialog.getByLabel("How many").selectOption("3");
      await dialog.getByText("3 pictures with the scene's own words, for about $").waitFor();
      await dialog.getByRole("button", { name: "Buy 3 pictures" }).press("Enter");
      await dialog.getByText("3 pictures will be here soon").waitFor();
      const { takes } = await until(
        () => studio.ask<TakeList>(address),
        ({ job }) => job?.status === "completed",
      );
      const bill = await studio.bill();
      expect({ ...bill, picture: (bill.picture as number) - 3 }).toEqual(billBefore);
      expect((await studio.status(dreamId)).job_id).toBe(first.job_id);
      const bought = takes
        .filter(({ job_id, asset }) => asset === "picture" && job_id !== first.job_id)
        .slice(-3);
      const use = dialog.getByRole("button", { name: "Use this one" });
      await until(
        () => use.count(),
        (shown) => shown >= 3,
      );
      await shoot(page, "takes");
      await page.setViewportSize({ width: 390, height: 844 });
      await shoot(page, "takes-phone");
      const pictures = await Promise.all(bought.map(async (take) => sha256Of(take.picture_url as string)));
      expect(new Set(pictures).size).toBe(3);
      const paid = bought.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
      expect(paid).toBeGreaterThan(0);

      const untilMade = (than: VideoStatus) =>
        until(
          () => studio.status(dreamId),
          ({ status, job_id }) => status === "completed" && job_id !== than.job_id,
        );
      const chosen = takes.find(({ asset, is_chosen }) => asset === "picture" && is_chosen)?.id as string;
      await use.nth((await use.count()) - 2).press("Enter");
      await dialog.waitFor({ state: "hidden" });
      const other = await untilMade(first);
      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
      await shoot(page, "takes-chosen-phone");
      await page.getByRole("button", { name: `More voices of scene ${redone + 1}` }).press("Enter");
      const voices = page.getByRole("dialog", { name: `Voices of scene ${redone + 1}` });
      await voices.getByRole("button", { name: "Buy 3 voices" }).waitFor();
      await shoot(page, "takes-voices-phone");
      const sound = voices.locator("audio").first();
      expect(await sound.getAttribute("src")).toMatch(/\/film\.mp4#t=[\d.]+,[\d.]+$/);
      const reached = await sound.evaluate(async (player: HTMLAudioElement) => {
        const [from = 0] = player.src.split("#t=")[1]?.split(",").map(Number) ?? [];
        await player.play();
        await new Promise((resolve) => player.addEventListener("timeupdate", resolve, { once: true }));
        player.pause();
        return { from, at: player.currentTime };
      });
      expect(reached.from).toBeGreaterThan(0);
      expect(reached.at).toBeGreaterThanOrEqual(reached.from);
      await voices.getByRole("button", { name: "Go back" }).press("Enter");
      expect(await changedScenes(first, other)).toEqual([redone, redone + 1]);
      const made = (await studio.log(dreamId)).flatMap((one) =>
        one.type === "scene.ready" ? [one.data] : [],
      );
      const remade = made.filter(({ reused }) => !reused).map(({ scene }) => scene);
      expect(remade.sort()).toEqual([redone, redone + 1]);

      await studio.ask(`${address}/${chosen}/choose`, {});
      const back = await untilMade(other);
      expect(await changedScenes(first, back)).toEqual([]);
      expect(await sha256Of(back.video_url as string)).toBe(await sha256Of(first.video_url as string));
      expect(await sha256Of(back.video_url as string)).not.toBe(await sha256Of(other.video_url as string));
      expect(await studio.bill()).toEqual(bill);
      expect(faults).toEqual([]);
      await context.close();
    });
  });

async function sha256Of(address: string): Promise<string> {
  const response = await fetch(address);
  expect(response.status).toBe(200);
  return createHash("sha256")
    .update(new Uint8Array(await response.arrayBuffer()))
    .digest("hex");
}

/** The scenes that have other bytes in the second film, in both renditions. */
async function changedScenes(first: VideoStatus, second: VideoStatus): Promise<number[]> {
  const renditions = ["90p", "270p"].map(async (rendition) => {
    const before = await hashPieces(first.hls_url as string, rendition);
    const after = await hashPieces(second.hls_url as string, rendition);
    expect(before).toHaveLength(scenes);
    return before.flatMap((hash, scene) => (hash === after[scene] ? [] : [scene]));
  });
  const [small, large] = await Promise.all(renditions);
  expect(large).toEqual(small);
  return small as number[];
}

/** SHA-256 of every scene of the film as players get it. */
async function hashPieces(hlsUrl: string, rendition: string): Promise<string[]> {
  const playlistUrl = new URL(`${rendition}/index.m3u8`, hlsUrl);
  const playlist = await (await fetch(playlistUrl)).text();
  expect(playlist).toContain("#EXT-X-ENDLIST");
  const names = playlist.split("\n").filter((line) => line.endsWith(".m4s"));
  return Promise.all(
    names.map(async (name) => {
      const piece = await (await fetch(new URL(name, playlistUrl))).arrayBuffer();
      return createHash("sha256").update(new Uint8Array(piece)).digest("hex");
    }),
  );
}
