import type { Page } from "playwright-core";
import { expect } from "vitest";
import { findViolations } from "./find-violations.ts";
import { type Studio, shoot } from "./open-studio.ts";

interface KeyPage {
  address: string;
  /** The key that the page has before. */
  held: string;
  heldNow(page: Page): Promise<string | null>;
  /** The name of its screenshots. */
  shots: string;
}

/** Opens links with the same key and with another one on a page that has a key. */
export async function chooseKeys(studio: Studio, { address, held, heldNow, shots }: KeyPage): Promise<void> {
  const stranger = `dr_${"5eed".repeat(16)}`;
  const context = await studio.browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const dialog = page.getByRole("dialog", { name: "Use the key of this link?" });
  const follow = (key: string) =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#key=${key}`);
  const gone = () => page.waitForFunction(() => document.querySelector("dialog.key-choice") === null);
  await page.goto(`${address}#key=${held}`);
  await page.waitForFunction(() => !location.hash.includes("key="));
  expect(await heldNow(page)).toBe(held);
  await follow(held);
  await page.waitForFunction(() => !location.hash.includes("key="));
  expect(await dialog.isVisible(), "the same key needs no confirmation").toBe(false);

  await follow(stranger);
  await dialog.waitFor();
  expect(page.url()).not.toContain("key=");
  const shown = (await dialog.textContent()) ?? "";
  for (const key of [held, stranger]) {
    expect(shown).toContain(`${key.slice(0, 7)}…${key.slice(-4)}`);
    expect(shown).not.toContain(key.slice(0, 12));
  }
  expect(await findViolations(page)).toEqual([]);
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [390, 1280]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await shoot(page, `${shots}-${colorScheme}-${width}`);
    }
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Keep my key");
  await page.keyboard.press("Enter");
  await gone();
  expect(await heldNow(page)).toBe(held);

  await page.goto("about:blank");
  await page.goto(`${address}#key=${stranger}`);
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await gone();
  expect(await heldNow(page), "also when the page starts with the link").toBe(held);

  await follow(stranger);
  await dialog.getByRole("button", { name: "Use the link's key" }).click();
  await gone();
  expect(await heldNow(page)).toBe(stranger);
  await context.close();
}
