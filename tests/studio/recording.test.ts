/** A dream that is told into the microphone of a real Chromium, and becomes a film. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { microphoneArgs, putBefore, secondsOf, speak } from "./fake-microphone.ts";
import { openStudio, type Studio } from "./open-studio.ts";

const wav = join(mkdtempSync(join(tmpdir(), "dreamreel-microphone-")), "heard.wav");
let studio: Studio;
beforeAll(async () => {
  studio = await openStudio("text=100,picture=100,voice=100,transcription=100", {}, microphoneArgs(wav));
}, 90_000);
afterAll(() => studio?.close(), 30_000);

it("is recorded, written down and filmed", { timeout: 300_000 }, async () => {
  const said = "I flew over a silver sea, and under the water a town was lit.";
  const { page, context, faults } = await studio.open({ reducedMotion: "reduce" });
  await recordPart(page, await speak(studio.info.openai_url, said));
  const text = page.getByRole("textbox", { name: "Text of part 1" });
  await text.waitFor();
  expect(await text.inputValue()).toBe(said);
  await page.getByLabel("Length").fill("10");
  await page.getByRole("button", { name: "Dream it" }).click();
  await page.waitForURL(/#\/dreams\//);
  const dreamId = page.url().split("/").at(-1) as string;
  await page.locator("#headline", { hasText: "Your film is ready" }).waitFor({ timeout: 200_000 });
  expect((await studio.status(dreamId)).status).toBe("completed");
  expect(faults).toEqual([]);
  await context.close();
});

/** Presses Record, lets the page hear the sound once, and presses Stop. */
async function recordPart(page: Page, sound: Buffer): Promise<void> {
  await putBefore(wav, sound);
  await page.getByRole("button", { name: "Record", exact: true }).click();
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await stop.waitFor();
  await sleep(secondsOf(sound) * 1000);
  await stop.click();
}
