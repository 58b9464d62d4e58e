/** A dream that is told into the microphone of a real Chromium, and becomes a film. */
import { mkdtempSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Transcript } from "../../contract/dream.ts";
import type { SegmentList } from "../../contract/segment.ts";
import { recordPart, speak, startSpeaking } from "./fake-microphone.ts";
import { findViolations } from "./find-violations.ts";
import { openStudio, type Studio, shoot } from "./open-studio.ts";

const wav = join(mkdtempSync(join(tmpdir(), "dreamreel-microphone-")), "heard.wav");
/** How long the network is away. */
const offlineMs = Number(process.env.OFFLINE_SECONDS ?? 3) * 1000;
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 900 };

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio("text=100,picture=100,voice=100,transcription=100", {}, wav);
});
afterAll(() => studio?.close());

/** English, German, French, Spanish, three times. */
const said = [
  "I flew over a silver sea.",
  "Ein Wal trug eine Treppe auf dem Rücken.",
  "Ma grand-mère allumait une lanterne dans la rue.",
  "El río subía por la montaña hacia la luna.",
  "Every window held a different season.",
  "Die Stadt unter dem Wasser war hell erleuchtet.",
  "Un train de verre traversait la forêt.",
  "Los pájaros hablaban con la voz de mi padre.",
  "The lighthouse hummed like a bell at night.",
  "Ich fand einen Schlüssel aus Eis in der Hand.",
  "Les étoiles tombaient doucement dans le jardin.",
  "Después desperté con arena en los zapatos.",
] as const;

const open = (viewport = desktop) =>
  studio.open({ viewport, reducedMotion: "reduce", permissions: ["microphone"] });
const ask = async <T>(path: string): Promise<T> => {
  const headers = { authorization: `Bearer ${studio.info.api_key}` };
  return (await (await fetch(studio.info.edge_url + path, { headers })).json()) as T;
};
const textOf = (page: Page, part: number) => page.getByRole("textbox", { name: `Text of part ${part}` });
const shot = (page: Page, name: string) => shoot(page, name, "recording");
/** The state at both widths. */
async function shootBoth(page: Page, name: string): Promise<void> {
  for (const [kind, viewport] of Object.entries({ desktop, phone })) {
    await page.setViewportSize(viewport);
    await shot(page, `${name}-${kind}`);
  }
}

it("twelve parts in four languages are filmed in their order, with the network away and the tab closed", {
  timeout: 600_000,
}, async () => {
  const sounds = await Promise.all(said.map((text) => speak(studio.info.openai_url, text)));
  const billBefore = (await studio.bill()).transcription ?? 0;
  const { page: first, context, faults } = await open(phone);
  const record = (page: Page, part: number) => recordPart(page, wav, sounds[part - 1] as Buffer);
  let page = first;

  const waits: number[] = [];
  for (const part of [1, 2, 3, 4]) {
    const stoppedAt = await record(page, part);
    await textOf(page, part).waitFor();
    waits.push(performance.now() - stoppedAt);
  }
  console.log(`From stop to text: ${waits.map((ms) => `${Math.round(ms)} ms`).join(", ")}`);
  // 2 s on a machine that has a core for each running process, and as much longer as processes share one.
  const share = Math.max(1, (loadavg()[0] as number) / cpus().length);
  expect(Math.min(...waits), "from stop to text").toBeLessThan(2_000 * share);

  await context.setOffline(true);
  const back = sleep(offlineMs);
  for (const part of [5, 6]) await record(page, part);
  await page.getByText("Saved on this device, waiting for the network").nth(1).waitFor();
  await shot(page, "offline-phone");
  await back;
  expect(await textOf(page, 5).isVisible()).toBe(false);
  await context.setOffline(false);
  for (const part of [7, 8]) await record(page, part);

  await startSpeaking(page, wav, sounds[8] as Buffer);
  // The last chunk of the speech is stored.
  await sleep(1_500);
  await page.close();
  page = await context.newPage();
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(studio.info.edge_url);
  await textOf(page, 9).waitFor();
  for (const part of [10, 11, 12]) await record(page, part);

  await textOf(page, 12).waitFor();
  const texts = page.getByRole("textbox", { name: /^Text of part/ });
  await page.waitForFunction(() => document.querySelectorAll(".part-text:not([hidden])").length === 12);
  expect(await texts.evaluateAll((all) => all.map((one) => (one as HTMLTextAreaElement).value))).toEqual(
    said,
  );
  await shot(page, "twelve-parts-phone");

  await page.getByLabel("Length").fill("10");
  await page.getByRole("radio", { name: "Square" }).check();
  await page.getByRole("button", { name: "Dream it" }).click();
  await page.waitForURL(/#\/dreams\//);
  const dreamId = page.url().split("/").at(-1) as string;
  const { data } = await ask<SegmentList>(`/dreams/${dreamId}/segments`);
  expect(data.map(({ order, transcript }) => [order, transcript])).toEqual(said.map((text, n) => [n, text]));
  expect((await ask<Transcript>(`/dreams/${dreamId}/transcript`)).transcript).toBe(said.join("\n\n"));
  expect(((await studio.bill()).transcription ?? 0) - billBefore, "each part was transcribed once").toBe(12);
  await page.locator("#headline", { hasText: "Your film is ready" }).waitFor({ timeout: 200_000 });
  expect((await studio.status(dreamId)).status).toBe("completed");
  expect(faults).toEqual([]);
  await context.close();
});

describe("the recorder", () => {
  it("records, pauses, goes on, corrects, records again and deletes with the keyboard alone", {
    timeout: 240_000,
  }, async () => {
    const { page, context, faults } = await open();
    const press = async (name: string) => {
      const button = page.getByRole("button", { name, exact: true });
      await button.focus();
      await page.keyboard.press("Enter");
    };
    const spoken = (text: string) =>
      page.locator("#announcer", { hasText: text }).waitFor({ state: "attached" });
    const [flew, whale] = [said[0], said[1]];
    await page.keyboard.press("Tab");
    await shootBoth(page, "idle");
    expect(await findViolations(page)).toEqual([]);
    const ownVoice = page.getByLabel("Voice", { exact: true }).locator("option[value=own]");
    expect(await ownVoice.count(), "nothing is told that could narrate").toBe(0);

    await startSpeaking(page, wav, await speak(studio.info.openai_url, flew));
    await spoken("Recording");
    await shootBoth(page, "recording");
    expect(await findViolations(page)).toEqual([]);
    await press("Pause");
    await spoken("Paused");
    await shootBoth(page, "paused");
    const paused = await page.locator("#tell-time").textContent();
    await sleep(1_500);
    expect(await page.locator("#tell-time").textContent(), "the time stands still").toBe(paused);
    await press("Continue");
    await press("Stop");
    await spoken("Part 1: Text is ready");
    expect(await textOf(page, 1).inputValue()).toBe(flew);
    expect(await ownVoice.textContent()).toBe("My own voice");

    await textOf(page, 1).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("I flew over a golden sea.");
    await page.keyboard.press("Tab");
    await spoken("Part 1: Corrected by you");
    await shootBoth(page, "text");
    expect(await findViolations(page)).toEqual([]);
    await page.reload();
    await textOf(page, 1).waitFor();
    expect(await textOf(page, 1).inputValue()).toBe("I flew over a golden sea.");

    const again = "Record again: part 1";
    await startSpeaking(page, wav, await speak(studio.info.openai_url, whale), again);
    await press("Stop");
    await spoken("Part 1: Text is ready");
    expect(await textOf(page, 1).inputValue()).toBe(whale);
    expect(await page.locator(".part").count()).toBe(1);

    await press("Delete: part 1");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await page.locator(".part").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("record");
    expect(faults).toEqual([]);
    await context.close();
  });

  it("comes back with its parts when one of them failed after the film was requested", {
    timeout: 240_000,
  }, async () => {
    const { page, context, faults } = await open();
    const [first, second] = await Promise.all(
      [0, 1].map((n) => speak(studio.info.openai_url, said[n] as string)),
    );
    await recordPart(page, wav, first as Buffer);
    await textOf(page, 1).waitFor();
    await studio.control({
      latency_ms: { transcription: 3_000 },
      faults: [{ kind: "server_error", status: 400, capability: "transcription" }],
    });
    await recordPart(page, wav, second as Buffer);
    await page.getByRole("button", { name: "Dream it" }).click();
    await page.waitForURL(/#\/dreams\//);
    const dreamId = page.url().split("/").at(-1) as string;
    await page.locator("#headline", { hasText: "could not be made" }).waitFor({ timeout: 60_000 });
    await studio.control({ latency_ms: { transcription: 100 }, faults: [] });
    await page.getByRole("link", { name: "Change words or look" }).click();
    await textOf(page, 1).waitFor();
    expect(await textOf(page, 1).inputValue()).toBe(said[0]);
    await shootBoth(page, "part-failed");
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Try again: part 2" }).click();
    await textOf(page, 2).waitFor();
    expect(await textOf(page, 2).inputValue()).toBe(said[1]);
    await page.getByRole("button", { name: "Dream it" }).click();
    await page.waitForURL(`**/#/dreams/${dreamId}`);
    await page.locator("#storyboard").waitFor({ timeout: 60_000 });
    expect((await ask<Transcript>(`/dreams/${dreamId}/transcript`)).transcript).toBe(
      said.slice(0, 2).join("\n\n"),
    );
    expect(faults).toEqual([]);
    await context.close();
  });

  it("is large enough for a finger, and nothing overflows on a phone of 360 pixels", async () => {
    const { page, context } = await open({ width: 360, height: 740 });
    await startSpeaking(page, wav, await speak(studio.info.openai_url, said[0]));
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await textOf(page, 1).waitFor();
    await shot(page, "text-360");
    const small = await page.locator("#tell button:visible").evaluateAll((buttons) =>
      buttons.flatMap((one) => {
        const { width, height } = one.getBoundingClientRect();
        return width < 44 || height < 44 ? [`${one.textContent} ${width} × ${height}`] : [];
      }),
    );
    expect(small).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await context.close();
  });

  it("says that the microphone is blocked, and works when it is allowed", async () => {
    const { page, context } = await open();
    await context.clearPermissions();
    await page.getByRole("button", { name: "Record", exact: true }).click();
    await page.getByRole("alert").getByText("The microphone is blocked").waitFor();
    await shootBoth(page, "blocked");
    expect(await findViolations(page)).toEqual([]);
    await context.grantPermissions(["microphone"]);
    await startSpeaking(page, wav, await speak(studio.info.openai_url, said[0]));
    expect(await page.getByRole("alert").isVisible()).toBe(false);
    await context.close();
  });

  it("lets one tab record at a time", async () => {
    const { page, context } = await open();
    const second = await context.newPage();
    await second.goto(studio.info.edge_url);
    await second.getByText("A dream is being told in another tab").waitFor();
    expect(await second.getByRole("button", { name: "Record", exact: true }).isDisabled()).toBe(true);
    await page.close();
    await second.getByText("Tell it aloud, in any language.").waitFor();
    await context.close();
  });
});
