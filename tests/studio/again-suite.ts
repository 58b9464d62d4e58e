/** A dream that was refused, is written again, gets a name, and is made once more, in a real Chromium. */
// A part of studio.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose
// start takes longer than most tests. This part alone: npx vitest run tests/studio/studio.test.ts -t "a dream
// that is made again"
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Dream } from "../../contract/dream.ts";
import { findViolations } from "./find-violations.ts";
import { type Studio, shoot } from "./open-studio.ts";
import { submitDream } from "./submit-dream.ts";

const refused = "I carried a small red boat through the snow.";
const written = "I carried a small blue boat through the snow. Then the boat carried me over the sea.";

export const makeAgain = (open: () => Studio) =>
  describe("a dream that is made again", () => {
    it("keeps its words after a refusal, gets its storyboard's title, a name, and a picture that was missing", async () => {
      const studio = open();
      const { page, context, faults } = await studio.open({
        viewport: { width: 1280, height: 800 },
        plays: false,
      });
      await studio.control({ faults: [{ kind: "refusal", capability: "text" }] });
      await page.getByLabel("Close with an end card").check();
      const dreamId = await submitDream(page, { dream: refused, look: "Noir", seconds: 10 });
      await page.locator("#headline", { hasText: "could not be made" }).waitFor();
      await shoot(page, "refused");
      expect(await findViolations(page)).toEqual([]);

      await studio.control({
        faults: [
          { kind: "content_policy_violation", capability: "picture", match: "boat carried sea", times: 2 },
        ],
      });
      await page.getByRole("link", { name: "Change words or look" }).click();
      const words = page.getByRole("textbox", { name: "Your dream" });
      await page.waitForFunction(
        (text) => document.querySelector<HTMLTextAreaElement>("#transcript")?.value === text,
        refused,
      );
      expect(await page.getByRole("radio", { name: "Noir" }).isChecked()).toBe(true);
      expect(await findViolations(page)).toEqual([]);
      await words.fill(written);
      await page.getByLabel("Open with the dream's title").check();
      await page.getByRole("button", { name: "Dream it" }).click();
      await page.waitForURL(`**/#/dreams/${dreamId}`);
      await ready(page);
      const first = await studio.status(dreamId);
      expect(first.options).toMatchObject({
        style: "noir",
        length_seconds: 10,
        title_card: true,
        end_card: true,
      });

      const { title } = await studio.ask<Dream>(`/dreams/${dreamId}`);
      expect(title).toMatch(/\S/);
      await page.locator("#watch-title", { hasText: title as string }).waitFor();
      await page.getByRole("button", { name: "Rename" }).click();
      expect(await findViolations(page)).toEqual([]);
      await page.getByLabel("Name", { exact: true }).fill("Das blaue Boot");
      await page.keyboard.press("Enter");
      await page.locator("#watch-title", { hasText: "Das blaue Boot" }).waitFor();
      const address = await page.getByRole("link", { name: "Download" }).getAttribute("href");
      const { headers } = await fetch(address as string, { method: "HEAD" });
      expect(headers.get("content-disposition")).toContain('filename="Das blaue Boot.mp4"');

      const badge = page.locator(".badge:visible");
      const pictures = async () => (await studio.bill()).picture ?? 0;
      const before = await pictures();
      await badge.waitFor();
      await shoot(page, "painted-without-ai");
      await page.getByRole("button", { name: /^Paint scene \d with AI, about \$0\.\d\d$/ }).click();
      await page.locator("#headline", { hasText: "Your film is ready" }).waitFor({ state: "hidden" });
      await ready(page);
      expect(await badge.isVisible()).toBe(false);
      expect(await pictures(), "one picture is bought").toBe(before + 1);

      await page.getByRole("link", { name: "Make another version" }).click();
      await page.waitForFunction(
        (text) => document.querySelector<HTMLTextAreaElement>("#transcript")?.value === text,
        written,
      );
      await page.getByText("You changed scenes of this film.").waitFor();
      expect(await page.getByLabel("Close with an end card").isChecked()).toBe(true);
      await shoot(page, "make-again");
      await page.getByRole("link", { name: "Back to the film" }).click();
      await page.goto(`${studio.info.edge_url}/#/`);
      expect(await words.inputValue(), "the words of an earlier dream are no draft").toBe("");
      expect(await page.getByLabel("Close with an end card").isChecked(), "it is remembered").toBe(true);
      await page.locator(".name", { hasText: "Das blaue Boot" }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    });
  });

const ready = (page: Page) => page.locator("#headline", { hasText: "Your film is ready" }).waitFor();
