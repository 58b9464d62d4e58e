/** The key, the connection, and the service's health. */
// A part of ops.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose start
// takes longer than most tests. This part alone: npx vitest run tests/ops/ops.test.ts -t "the page"
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { chooseKeys } from "../studio/choose-keys.ts";
import { findViolations } from "../studio/find-violations.ts";
import { shoot } from "../studio/open-studio.ts";
import type { Ops } from "./open-ops.ts";

export const usePage = (open: () => Ops) =>
  describe("the page", () => {
    it("asks for the admin key once per tab, refuses a client's, and stores it nowhere else", async () => {
      const { info, browser } = open().studio;
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const page = await context.newPage();
      await page.goto(`${info.edge_url}/ops`);
      const dialog = page.getByRole("dialog", { name: "The admin key" });
      await dialog.waitFor();
      await page.getByLabel("Key", { exact: true }).fill(info.api_key);
      await page.keyboard.press("Enter");
      await dialog.getByText("auth.invalid").waitFor();
      await page.getByLabel("Key", { exact: true }).fill(info.admin_key);
      await page.getByRole("button", { name: "Open" }).click();
      await page.getByText("All is well").first().waitFor();
      await page.reload();
      await page.getByText("All is well").first().waitFor();
      expect(await dialog.isVisible()).toBe(false);
      expect(await page.evaluate(() => Object.values(localStorage).join())).toBe("");
      const other = await context.newPage();
      await other.goto(`${info.edge_url}/ops`);
      await other.getByRole("dialog", { name: "The admin key" }).waitFor();
      await context.close();
    });

    it("replaces its key by a link's key only if the person confirms", async () => {
      const { studio } = open();
      await chooseKeys(studio, {
        address: `${studio.info.edge_url}/ops`,
        held: studio.info.admin_key,
        shots: "key-choice-ops",
        heldNow: (page) => page.evaluate(() => sessionStorage.getItem("dreamreel.admin-key")),
      });
    });

    it("marks the chosen page and time range by a shape in forced colours", async () => {
      const { info, browser } = open().studio;
      const context = await browser.newContext({ reducedMotion: "reduce", forcedColors: "active" });
      const page = await context.newPage();
      await page.goto(`${info.edge_url}/ops#key=${info.admin_key}`);
      await page.locator(".ranges input:checked").waitFor({ state: "attached" });
      await shoot(page, "overview-forced-colours", "ops");
      const [link, range] = await page.evaluate(() => [
        getComputedStyle(document.querySelector(".masthead [aria-current]") as Element).textDecorationLine,
        getComputedStyle(document.querySelector(".ranges input:checked + span") as Element).outlineStyle,
      ]);
      expect([link, range]).toEqual(["underline", "solid"]);
      await context.close();
    });

    it("removes the key from the address that contains it", async () => {
      const { info, browser } = open().studio;
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      await page.goto(`${info.edge_url}/ops#key=${info.admin_key}`);
      await page.locator("#live[data-state=live]").waitFor();
      await page.goto(`${info.edge_url}/ops/#/`);
      await page.locator("#verdict .verdict").waitFor();
      expect(page.url()).toBe(`${info.edge_url}/ops/#/`);
      expect(await page.evaluate(() => history.length)).toBeLessThan(5);
      await page.goBack();
      expect(page.url()).not.toContain("key=");
      expect(faults).toEqual([]);
      await context.close();
    });

    it("shows that all is well, and that the connection is lost", async () => {
      const { page, context, faults } = await open().open();
      const verdict = page.locator("#verdict");
      expect(await verdict.textContent()).toContain("All is wellNo job waits. 1 machine is ready.");
      await shoot(page, "well-dark", "ops");
      await context.setOffline(true);
      await verdict.getByText("No connection").waitFor();
      expect(await page.locator("#live").textContent()).toBe("No connection");
      expect(await page.locator("#announcer").textContent()).toBe("No connection");
      await shoot(page, "offline-dark", "ops");
      await context.setOffline(false);
      await verdict.getByText("All is well").waitFor();
      expect(faults).toEqual([]);
      await context.close();
    });

    it("polls nothing while it is hidden, and at once when it is visible", async () => {
      const { page, context } = await open().open();
      let asked = 0;
      page.on("request", (request) => {
        if (request.url().endsWith("/figures")) asked++;
      });
      await page.clock.install();
      await page.reload();
      await page.waitForRequest(/figures$/);
      await page.evaluate(hide, true);
      await page.locator("#live", { hasText: "Paused" }).waitFor();
      asked = 0;
      await page.clock.runFor(120_000);
      expect(asked).toBe(0);
      await page.evaluate(hide, false);
      await page.locator("#live", { hasText: "Live" }).waitFor();
      expect(asked).toBeGreaterThan(0);
      await context.close();
    });

    it("draws the last hour, and describes it as text", async () => {
      const { page, context, faults } = await open().open();
      await page.getByText("15 min", { exact: true }).click();
      const depth = page.getByRole("figure").filter({ hasText: "Waiting jobs" });
      // A chart without data says so.
      await depth.locator("canvas, .empty").first().waitFor();
      await depth.locator("canvas").waitFor();
      expect(await depth.locator(".summary").textContent()).toBe("No job was waiting.");
      await depth.getByText("As a table").click();
      expect(await depth.getByRole("row").count()).toBeGreaterThan(2);
      expect(await depth.getByRole("columnheader").allTextContents()).toEqual([
        "From",
        "Premium",
        "Standard",
      ]);
      expect(await inkOf(page)).toBeGreaterThan(100);
      expect(await findViolations(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    });
  });

function hide(isHidden: boolean): void {
  Object.defineProperty(document, "hidden", { configurable: true, value: isHidden });
  document.dispatchEvent(new Event("visibilitychange"));
}

/** The number of drawn pixels in the first chart. */
const inkOf = (page: Page) =>
  page.evaluate(() => {
    const canvas = document.querySelector("canvas") as HTMLCanvasElement;
    const { data } = (canvas.getContext("2d") as CanvasRenderingContext2D).getImageData(
      0,
      0,
      canvas.width,
      canvas.height,
    );
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });
