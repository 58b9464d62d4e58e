/**
 * The redo of one scene of a finished film, in a real Chromium: its purchases, its time, and what does not
 * change.
 */
// A part of studio.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose start takes
// longer than most tests. This part alone: npx vitest run tests/studio/studio.test.ts -t "a scene of a finished film"
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
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
      const dreamId = await submitDream(page, { dream, look: "Storybook", seconds: 20 });
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
      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor({ state: "hidden" });
      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
      await shoot(page, "redone");

      const second = await studio.status(dreamId);
      expect(second.job_id).not.toBe(first.job_id);
      const bill = await studio.bill();
      expect({ ...bill, picture: (bill.picture as number) - 1 }).toEqual(billBefore);

      for (const rendition of ["120p", "360p"]) {
        const before = await hashPieces(first.hls_url as string, rendition);
        const after = await hashPieces(second.hls_url as string, rendition);
        const changed = before.flatMap((hash, scene) => (hash === after[scene] ? [] : [scene]));
        expect(before).toHaveLength(scenes);
        expect(changed, rendition).toEqual([redone, redone + 1]);
      }
      await expectMarked(page, second, ["glass", "lighthouse", "lantern", "boat"]);
      expect(faults).toEqual([]);
      await context.close();
    });
  });

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
