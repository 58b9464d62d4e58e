/** Everything that needs no film: the key, the form, the keyboard, the screen reader's names, and errors. */
// A part of studio.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose start takes
// longer than most tests. This part alone: npx vitest run tests/studio/studio.test.ts -t "the page"
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chooseKeys } from "./choose-keys.ts";
import { findViolations, findViolationsInThemes } from "./find-violations.ts";
import { type Studio, shootInThemes } from "./open-studio.ts";

export const usePage = (open: () => Studio) =>
  describe("the page", () => {
    it("asks for the key once, and rejects a wrong one", async () => {
      const { info, browser } = open();
      const page = await browser.newPage({ reducedMotion: "reduce" });
      await page.goto(info.edge_url);
      const dialog = page.getByRole("dialog", { name: "Your API key" });
      await dialog.waitFor();
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

    it("replaces its key by a link's key only if the person confirms", {
      timeout: 120_000,
    }, async () => {
      await chooseKeys(open(), {
        address: open().info.edge_url,
        held: open().info.api_key,
        shots: "key-choice",
        heldNow: (page) => page.evaluate(() => localStorage.getItem("dreamreel.key")),
      });
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

    it("can be used with the keyboard alone: dream, cancel, delete", { timeout: 60_000 }, async () => {
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

    it("explains a missing dream, with its code", async () => {
      const { page, context } = await open().open();
      await page.evaluate(() => {
        location.hash = "#/dreams/missing";
      });
      const notice = page.getByRole("alert");
      await notice.getByText("This dream does not exist").waitFor();
      expect(await notice.locator("code").textContent()).toBe("dream.not_found");
      await context.close();
    });

    it("has no fault that axe finds, in dark and light", async () => {
      const { page, context } = await open().open();
      await page.getByRole("button", { name: "A city of glass" }).click();
      expect(await findViolationsInThemes(page)).toEqual([]);
      await shootInThemes(page, "compose");
      await page.getByRole("button", { name: "API key" }).click();
      expect(await findViolationsInThemes(page)).toEqual([]);
      await page.keyboard.press("Escape");
      // The width changes no colour, so one theme is enough.
      await page.setViewportSize({ width: 360, height: 740 });
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await findViolations(page)).toEqual([]);
      await shootInThemes(page, "compose-phone");
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, "nothing overflows at phone width").toBeLessThanOrEqual(0);
      await context.close();
    });
  });

async function press(page: Page, name: string, within = "body"): Promise<void> {
  const button = page.locator(within).getByRole("button", { name, exact: true });
  await button.last().focus();
  await page.keyboard.press("Enter");
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);
