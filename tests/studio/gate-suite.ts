/**
 * Storyboards that wait, of films that differ: another script, the dreamer's own voice, a cast, one that
 * expired.
 */
// A part of gate.test.ts, not a file of its own: the parts share one local cloud and one Chromium.
import { DatabaseSync } from "node:sqlite";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { WaitingStoryboard } from "../../contract/approval.ts";
import type { Dream } from "../../contract/dream.ts";
import type { VideoQueued } from "../../contract/job.ts";
import { findDatabase } from "../chaos/read-rows.ts";
import { createTeller } from "../telling/tell.ts";
import { until } from "../until.ts";
import { findColourViolations, findViolations } from "./find-violations.ts";
import { type Studio, shootInThemes } from "./open-studio.ts";

const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const told = "I flew over a silver sea. My grandmother waited with a lantern. Then a tiger sang to her.";

/** Shows the dream's storyboard at both sizes and in both themes, and looks for faults of the page. */
async function inspect(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await shootInThemes(page, `${name}-${size}`, "gate");
    expect(await findColourViolations(page)).toEqual([]);
    expect(await findViolations(page)).toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
    ).toBe(true);
  }
}

export const kindsOfGates = (open: () => Studio) =>
  describe("a storyboard that waits", () => {
    const readStoryboard = (did: string) => open().ask<WaitingStoryboard>(`/dreams/${did}/storyboard`);
    const newDream = async (transcript: string) => (await open().ask<Dream>("/dreams", { transcript })).id;
    const request = (did: string, options: object) =>
      open().ask<VideoQueued>(`/dreams/${did}/finish`, {
        length_seconds: 15,
        pause_after: "storyboard",
        ...options,
      });
    const visit = async (page: Page, did: string) => {
      await page.goto(`${open().info.edge_url}/#/dreams/${did}`);
      await page.getByRole("heading", { name: "Before it is made" }).waitFor();
    };

    it("is read from the right in Arabic", { timeout: 300_000 }, async () => {
      const { page, context, faults } = await open().open();
      const did = await newDream("طرت فوق بحر من الفضة. جدتي كانت تنتظر مع فانوس. ثم غنى لها نمر أخضر.");
      await request(did, {});
      await visit(page, did);
      const fields = page.locator("#gate-film-title, #gate [data-part=narration]");
      expect(await fields.count()).toBeGreaterThan(2);
      for (const field of await fields.all())
        expect(await field.evaluate((node) => getComputedStyle(node).direction)).toBe("rtl");
      await inspect(page, "arabic");
      expect(faults).toEqual([]);
      await context.close();
    });

    it("keeps the words of the dreamer's own recording, and lets scenes be merged and removed", {
      timeout: 300_000,
    }, async () => {
      const { page, context, faults } = await open().open();
      const { info } = open();
      const speech = await fetch(new URL("/v1/audio/speech", info.openai_url), {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer local" },
        body: JSON.stringify({
          ...{ model: "gpt-4o-mini-tts", voice: "sage", response_format: "wav" },
          input: told,
        }),
      });
      const teller = createTeller(info.edge_url, info.api_key);
      const did = await teller.newDream();
      const sound = Buffer.from(await speech.arrayBuffer());
      await teller.tell(did, { id: "a", order: 0, sound, type: "audio/wav" });
      await teller.untilTranscribed(did);
      await request(did, { voice: "own" });
      await visit(page, did);
      const { scenes } = await readStoryboard(did);
      expect(scenes.length).toBeGreaterThan(1);
      const words = page.getByLabel("What is told").first();
      expect(await words.getAttribute("readonly")).not.toBeNull();
      await words.focus();
      await page.keyboard.type("Other words.");
      expect(await words.inputValue()).toBe(scenes[0]?.narration);
      expect(await page.getByRole("button", { name: "Add a scene" }).isHidden()).toBe(true);
      expect(await page.getByRole("button", { name: "Move down, scene 1" }).isDisabled()).toBe(true);
      await inspect(page, "own-voice");
      await page.getByRole("button", { name: "Merge with next, scene 1" }).click();
      const [first, second] = scenes;
      await until(
        async () =>
          (await readStoryboard(did)).scenes[0]?.narration === `${first?.narration} ${second?.narration}`,
      );
      expect(faults).toEqual([]);
      await context.close();
    });

    it("shows who is in a scene, and takes another choice by keyboard", { timeout: 300_000 }, async () => {
      const { page, context, faults } = await open().open();
      const did = await newDream(told);
      await request(did, { cast: true });
      await visit(page, did);
      const { cast = [], scenes } = await readStoryboard(did);
      const scene = page.locator(".gate-scene").first();
      const boxes = scene.getByRole("group", { name: "Who is in the picture" }).getByRole("checkbox");
      expect(cast.length).toBeGreaterThan(0);
      expect(await boxes.count()).toBe(cast.length);
      for (const [index, { id, name }] of cast.entries()) {
        const box = scene.getByRole("checkbox", { name, exact: true });
        expect(await box.isChecked()).toBe(scenes[0]?.cast?.includes(id) ?? false);
        expect(await boxes.nth(index).inputValue()).toBe(id);
      }
      await boxes.first().scrollIntoViewIfNeeded();
      await inspect(page, "cast");
      const wasIn = scenes[0]?.cast ?? [];
      const first = cast[0]?.id as string;
      await boxes.first().focus();
      await page.keyboard.press("Space");
      const isIn = async () => (await readStoryboard(did)).scenes[0]?.cast?.includes(first) ?? false;
      await until(async () => (await isIn()) !== wasIn.includes(first));
      expect(await boxes.first().evaluate((node) => node === document.activeElement)).toBe(true);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("that expired is tried again, with the words that its owner had changed", {
      timeout: 300_000,
    }, async () => {
      const { page, context, faults } = await open().open({ viewport: sizes.phone });
      const studio = open();
      const did = await newDream(told);
      const { job_id } = await request(did, {});
      await visit(page, did);
      await page.getByLabel("What is told").first().fill("I swam.");
      await until(async () => (await readStoryboard(did)).scenes[0]?.narration === "I swam.");
      const before = await studio.bill();
      const database = new DatabaseSync(await findDatabase(studio.stateDir), { timeout: 10_000 });
      database.prepare("UPDATE jobs SET expires_at = 1, is_expiry_told = 1 WHERE id = ?").run(job_id);
      database.close();
      await (await fetch(`${studio.info.edge_url}/cdn-cgi/local/scheduled`)).body?.cancel();
      await page.locator("#headline").getByText("not approved in time").waitFor();
      expect(await page.locator("#gate").isHidden()).toBe(true);
      // The events have the words before the change.
      await page.locator("#storyboard").waitFor({ state: "hidden" });
      await inspect(page, "expired");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "Before it is made" }).waitFor();
      expect(await page.getByLabel("What is told").first().inputValue()).toBe("I swam.");
      expect((await studio.status(did)).job_id).not.toBe(job_id);
      expect(await studio.bill()).toEqual(before);
      expect(faults).toEqual([]);
      await context.close();
    });
  });
