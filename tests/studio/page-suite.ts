/** Everything that needs no film: the key, the form, the keyboard, the screen reader's names, and errors. */
// A part of studio.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose
// start takes longer than most tests. This part alone: npx vitest run tests/studio/studio.test.ts -t "the
// page"
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Dream } from "../../contract/dream.ts";
import { Voice } from "../../contract/film.ts";
import { root } from "../stack/run-script.ts";
import { chooseKeys } from "./choose-keys.ts";
import { findViolations, findViolationsInThemes } from "./find-violations.ts";
import { type Studio, shoot, shootInThemes } from "./open-studio.ts";
import { submitDream } from "./submit-dream.ts";

export const usePage = (open: () => Studio) =>
  describe("the page", () => {
    it("plays a sample film without a key, asks for the key once, and rejects a wrong one", async () => {
      const { info, browser } = open();
      const page = await browser.newPage({ reducedMotion: "reduce" });
      await page.goto(info.edge_url);
      const dialog = page.getByRole("dialog", { name: "Your API key" });
      await page.getByRole("heading", { name: "Your dream becomes a film" }).waitFor();
      expect(await findViolations(page)).toEqual([]);
      await shootInThemes(page, "welcome");
      await page.setViewportSize({ width: 1280, height: 800 });
      await expectInSight(page, "#sample-film");
      await page.evaluate(() => document.querySelector<HTMLVideoElement>("#sample-film")?.play());
      await page.waitForFunction(
        () => (document.querySelector<HTMLVideoElement>("#sample-film")?.currentTime ?? 0) > 0.3,
      );
      await page.getByRole("button", { name: "Enter your API key" }).click();
      await dialog.getByText("You get one from the operator of this service").waitFor();
      expect(await findViolations(page)).toEqual([]);
      await shootInThemes(page, "key-dialog");
      await page.getByLabel("Key", { exact: true }).fill("dr_nobody");
      await page.keyboard.press("Enter");
      await dialog.getByText("This key is not valid").waitFor();
      await page.getByLabel("Key", { exact: true }).fill(info.api_key);
      await page.getByRole("button", { name: "Save key" }).click();
      await page.getByRole("heading", { name: "What did you dream?" }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: "What did you dream?" }).waitFor();
      expect(await dialog.isVisible()).toBe(false);
      await page.close();
    });

    it("replaces its key by a link's key only if the person confirms", async () => {
      await chooseKeys(open(), {
        address: open().info.edge_url,
        held: open().info.api_key,
        shots: "key-choice",
        heldNow: (page) => page.evaluate(() => localStorage.getItem("dreamreel.key")),
      });
    });

    it("plays each voice without buying it", async () => {
      const { page, context, faults } = await open().open();
      const before = await open().bill();
      await page.getByLabel("Voice", { exact: true }).selectOption("onyx");
      const loaded = page.waitForResponse("**/voices/onyx.mp3");
      await page.getByRole("button", { name: "Listen to the voice Onyx, dark" }).click();
      expect((await loaded).ok()).toBe(true);
      await page.getByRole("button", { name: "Stop the voice Onyx, dark" }).click();
      await page.getByRole("button", { name: "Listen to the voice Onyx, dark" }).waitFor();
      const kept = readdirSync(join(root, "web", "studio", "voices"));
      expect(kept).toEqual(expect.arrayContaining(Voice.options.map((voice) => `${voice}.mp3`)));
      expect(await open().bill()).toEqual(before);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("explains what is wrong with a dream before it sends it", async () => {
      const { page, context } = await open().open();
      const text = page.getByRole("textbox", { name: "Your dream" });
      await page.getByRole("button", { name: "Dream it" }).click();
      await page.getByText("Write down a dream first").waitFor();
      expect(await text.getAttribute("aria-invalid")).toBe("true");
      await text.fill("x".repeat(20_007));
      await page.getByText("That is 7 characters too long.").waitFor();
      await text.fill("🐋");
      expect(await page.locator("#count").textContent()).toBe("1 / 20,000");
      expect(await page.locator("#transcript-problem").isVisible()).toBe(false);
      await page.reload();
      expect(await text.inputValue(), "the text is kept over a reload").toBe("🐋");
      await context.close();
    });

    it("can be used with the keyboard alone: dream, cancel, delete", async () => {
      const studio = open();
      const { page, context, faults } = await studio.open();
      const before = (await studio.dreams()).length;
      await page.keyboard.press("Tab");
      expect(await focused(page)).toBe("Skip to the page");
      await page.getByRole("textbox", { name: "Your dream" }).focus();
      await page.keyboard.type("A moth carried a lamp through the rain.");
      await page.keyboard.press("Control+Enter");
      await page.getByRole("heading", { name: "A moth carried a lamp through the rain" }).waitFor();
      await press(page, "Cancel");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
      await press(page, "Cancel");
      await press(page, "Stop");
      await page.locator("#headline", { hasText: "Cancelled" }).waitFor();
      await page.locator("#announcer", { hasText: "Cancelled" }).waitFor({ state: "attached" });
      expect(await findViolations(page)).toEqual([]);
      await press(page, "Delete");
      await press(page, "Delete", "dialog");
      await page.getByRole("heading", { name: "What did you dream?" }).waitFor();
      expect(await studio.dreams()).toHaveLength(before);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("stops a film although its question was closed and opened again at once", async () => {
      const { page, context, faults } = await open().open();
      await submitDream(page, { dream: "A moth carried a lamp.", look: "Ink", seconds: 10 });
      await page.getByRole("button", { name: "Cancel", exact: true }).waitFor();
      // The browser sends the first `close` when the second question is open, as on a busy machine.
      await page.evaluate(() => {
        const cancel = document.querySelector<HTMLButtonElement>("#cancel");
        cancel?.click();
        document.querySelector<HTMLDialogElement>("#confirm-dialog")?.close();
        cancel?.click();
      });
      await page.getByRole("dialog").getByRole("button", { name: "Stop" }).click();
      await page.locator("#headline", { hasText: "Cancelled" }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    });

    it("explains a missing dream, with its code", async () => {
      const { page, context } = await open().open();
      await page.evaluate(() => {
        location.hash = "#/dreams/missing";
      });
      const notice = page.getByRole("alert");
      await notice.getByText("This dream does not exist").waitFor();
      expect(await notice.locator("code").textContent()).toBe("dream.not_found");
      expect(await page.locator("#watch").isVisible(), "an empty player").toBe(false);
      await context.close();
    });

    it("has no fault that axe finds, in dark and light", async () => {
      const { page, context } = await open().open({ viewport: { width: 1280, height: 800 } });
      await page.getByRole("button", { name: "A city of glass" }).click();
      await expectPriceInSight(page);
      expect(await findViolationsInThemes(page)).toEqual([]);
      await shootInThemes(page, "compose");
      await page.getByRole("button", { name: "API key" }).click();
      expect(await findViolationsInThemes(page)).toEqual([]);
      await page.keyboard.press("Escape");
      // The width changes no colour, so one theme is enough.
      await page.setViewportSize({ width: 360, height: 740 });
      await expectPriceInSight(page);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await findViolations(page)).toEqual([]);
      await shootInThemes(page, "compose-phone");
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, "nothing overflows at phone width").toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 844, height: 390 });
      await page.locator("#transcript").focus();
      const bar = await page.locator(".submit").boundingBox();
      expect(bar?.height, "the bar leaves room for the words on a phone on its side").toBeLessThan(80);
      await page.evaluate(() => scrollTo(0, 0));
      const record = await page.locator("#record").boundingBox();
      expect((record?.y ?? 0) + (record?.height ?? 0), "Record").toBeLessThan(bar?.y ?? 0);
      const words = await page.locator("#transcript").boundingBox();
      expect((words?.y ?? 0) + 60, "two lines of the words").toBeLessThan(bar?.y ?? 0);
      await context.close();
    });

    it("shows long titles in a narrow window, and titles of each script in its direction", async () => {
      const { page, context } = await open().open({ viewport: { width: 390, height: 844 } });
      const titles = ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau", "مدينة من زجاج"] as const;
      for (const title of titles) {
        const { id } = await open().ask<Dream>("/dreams", { title, transcript: "A boat." });
        await page.goto(`${open().info.edge_url}/#/dreams/${id}`);
        const heading = page.getByRole("heading", { name: title });
        await heading.waitFor();
        const { width, direction } = await heading.evaluate((node) => ({
          width: document.documentElement.scrollWidth,
          direction: getComputedStyle(node).direction,
        }));
        expect(width, title).toBeLessThanOrEqual(390);
        expect(direction).toBe(title === titles[0] ? "ltr" : "rtl");
        const box = await heading.boundingBox();
        if (title === titles[1])
          expect((box?.x ?? 0) + (box?.width ?? 0), "at the right").toBeGreaterThan(240);
      }
      await open().ask<Dream>("/dreams", { transcript: "A heron counted my keys. It rained." });
      await page.goto(`${open().info.edge_url}/#/`);
      // Without a title, the first words name the dream.
      await page.getByRole("button", { name: "Delete “A heron counted my keys”" }).waitFor();
      const card = page.locator(".name", { hasText: titles[1] });
      await card.waitFor();
      expect(await card.evaluate((node) => getComputedStyle(node).direction)).toBe("rtl");
      await page.getByRole("textbox", { name: "Your dream" }).fill(titles[1]);
      expect(
        await page.locator("#transcript").evaluate((node) => getComputedStyle(node).direction),
        "words that are written",
      ).toBe("rtl");
      await context.close();
    });

    it("marks choices by a shape in forced colours", async () => {
      const { page, context } = await open().open({ forcedColors: "active", colorScheme: "dark" });
      await shoot(page, "compose-forced-colours");
      const outlines = await page.evaluate(() =>
        [".looks input:checked ~ img", ".segments label:has(:checked)"].map((selector) => {
          const { outlineStyle, outlineWidth } = getComputedStyle(
            document.querySelector(selector) as Element,
          );
          return [outlineStyle, Number.parseInt(outlineWidth, 10) >= 3];
        }),
      );
      expect(outlines).toEqual(Array(2).fill(["solid", true]));
      const posterEdge = await page.evaluate(() => {
        const poster = document.createElement("span");
        poster.className = "poster";
        document.querySelector("#library")?.append(poster);
        return getComputedStyle(poster).borderTopStyle;
      });
      expect(posterEdge, "a dream without a poster has an edge").toBe("solid");
      await context.close();
    });
  });

async function expectInSight(page: Page, selector: string): Promise<void> {
  const { height } = page.viewportSize() as { height: number };
  const box = await page.locator(selector).boundingBox();
  expect((box?.y ?? height) + (box?.height ?? 0), selector).toBeLessThanOrEqual(height);
}

/** The whole button and the price are in the window before anything is scrolled. */
async function expectPriceInSight(page: Page): Promise<void> {
  await page.locator("#estimate", { hasText: "$" }).waitFor();
  await page.evaluate(() => scrollTo(0, 0));
  for (const id of ["#dream-it", "#estimate"]) await expectInSight(page, id);
}

async function press(page: Page, name: string, within = "body"): Promise<void> {
  const button = page.locator(within).getByRole("button", { name, exact: true });
  await button.last().focus();
  await page.keyboard.press("Enter");
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
