/** The operators' actions, and their effect on the jobs. */
// A part of ops.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose start
// takes longer than most tests. This part alone: npx vitest run tests/ops/ops.test.ts -t "an operator"
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { findViolations } from "../studio/find-violations.ts";
import { shoot } from "../studio/open-studio.ts";
import { type Ops, press } from "./open-ops.ts";

const many = 52;

export const actOnJobs = (open: () => Ops) =>
  describe("an operator", () => {
    it("cancels and retries one job with the keyboard alone", async () => {
      const ops = open();
      await ops.studio.control({ faults: [], latency_ms: { text: 6_000 } });
      const ahead = await ops.makeFilm("A lantern walked across the ice without anybody.");
      const jobId = await ops.makeFilm("The stairs of the library led into a pond.");
      const { page, context, faults } = await ops.open({ at: `#/jobs/${jobId}` });
      await press(page, "Cancel");
      await page.getByRole("dialog", { name: "Cancel 1 job?" }).waitFor();
      expect(await findViolations(page)).toEqual([]);
      await page.keyboard.press("Escape");
      expect((await ops.story(jobId)).job.status).toBe("queued");
      await press(page, "Cancel");
      await press(page, "Cancel 1 job", "dialog");
      await page.getByRole("status").getByText("Cancelled 1 job.").waitFor();
      expect((await ops.story(jobId)).job.status).toBe("cancelled");
      await page.locator(".job-state", { hasText: "Cancelled" }).waitFor();
      await press(page, "Retry");
      await press(page, "Retry 1 job", "dialog");
      await page.waitForURL((url) => /#\/jobs\/job_/.test(url.hash) && !url.hash.endsWith(jobId));
      const retried = page.url().split("/").at(-1) as string;
      await ops.studio.control({ faults: [], latency_ms: {} });
      const { job } = await ops.untilStatus(retried, "completed");
      expect(job.dream_id).toBe((await ops.story(jobId)).job.dream_id);
      await ops.untilStatus(ahead, "completed");
      await page.locator(".job-state", { hasText: "Completed" }).waitFor();
      await page.goto(`${ops.studio.info.edge_url}/ops/#/jobs/${jobId}`);
      await page.getByText("Requested again as").waitFor();
      expect(await page.getByRole("button", { name: "Retry" }).count(), "it was retried").toBe(0);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("keeps focus, input and selection while new jobs come in", async () => {
      const ops = open();
      // The job in the only slot keeps that slot busy.
      await ops.studio.control({ latency_ms: { text: 300_000 } });
      const { page, context } = await ops.open({ at: "#/jobs" });
      const row = page.getByRole("row").nth(2);
      const chosen = await row.getByRole("link").textContent();
      await row.getByRole("checkbox").check();
      await page.getByLabel("Owner", { exact: true }).pressSequentially("ad");
      const jobId = await ops.makeFilm("Somebody had folded the street like a letter.");
      await page.getByRole("link", { name: jobId }).waitFor();
      await page.keyboard.type("a");
      expect(await page.getByLabel("Owner", { exact: true }).inputValue()).toBe("ada");
      const ticked = page.getByRole("row").filter({ has: page.getByRole("checkbox", { checked: true }) });
      expect(await ticked.getByRole("link").allTextContents()).toEqual([chosen]);
      expect(await page.locator("#job-acts").textContent()).toContain("1 job selected");
      await context.close();
    });

    it("turns pages, sends all waiting jobs again, and cancels a page of them", async () => {
      const ops = open();
      const key = await ops.newKey("crowd@example.com");
      const ids: string[] = [];
      for (let n = 0; n < many; n++) ids.push(await ops.makeFilm(`Dream ${n} of one long night.`, key));
      const { page, context, faults } = await ops.open({ at: "#/jobs?owner=crowd%40example.com" });
      const rows = page.getByRole("table", { name: "Jobs" }).getByRole("row");
      await rows.nth(50).waitFor();
      await page.getByRole("link", { name: "Older" }).click();
      await page.getByRole("link", { name: ids[0] as string }).waitFor();
      expect(await rows.count()).toBe(many - 50 + 1);
      await page.getByRole("link", { name: "Newest" }).click();
      await rows.nth(50).waitFor();

      const waiting = (await ops.figures()).queues.standard.depth;
      await press(page, /^Send waiting jobs again/);
      await page.getByText(`${waiting} jobs will get a new message.`).waitFor();
      await shoot(page, "redrive-dark", "ops");
      expect(await findViolations(page)).toEqual([]);
      await page.getByLabel("Waiting time").selectOption("Over an hour");
      await page.getByText("No job matches.").waitFor();
      expect(await page.getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true);
      await page.getByLabel("Waiting time").selectOption("Any time");
      await press(page, `Send ${waiting} messages`, "dialog");
      await page.getByRole("status").getByText(`Sent ${waiting} messages.`).waitFor();

      await page.getByRole("checkbox", { name: "Select all on this page" }).check();
      await page.getByRole("button", { name: "Retry (0)" }).waitFor();
      await shoot(page, "chosen-dark", "ops");
      await press(page, "Cancel (50)");
      await page.getByRole("dialog", { name: "Cancel 50 jobs?" }).waitFor();
      await press(page, "Cancel 50 jobs", "dialog");
      await page.getByText("Cancelled 50 jobs.").waitFor();
      const { data } = await ops.jobs("owner=crowd%40example.com&status=cancelled&limit=100");
      expect(data.map(({ id }) => id).sort()).toEqual(ids.slice(-50).sort());
      expect(await focusedLabel(page)).toBe("Select all on this page");
      expect(faults).toEqual([]);
      await context.close();
    });

    it("finds a dead letter and sends its job again", async () => {
      const ops = open();
      const { data } = await ops.jobs("owner=crowd%40example.com&status=queued&limit=1");
      const jobId = data[0]?.id as string;
      await ops.exhaustMessages(jobId, "job_nobody");
      const { page, context, faults } = await ops.open({ at: "#/dead-letters" });
      const rows = page.getByRole("table", { name: "Dead letters" }).getByRole("row");
      await rows.nth(2).waitFor();
      expect(await findViolations(page)).toEqual([]);
      await shoot(page, "letters-dark", "ops");
      await page.getByLabel("Outcome").selectOption("Sent again");
      await rows.nth(2).waitFor({ state: "detached" });
      expect(await rows.nth(1).textContent()).toContain(jobId);
      await rows.nth(1).getByRole("checkbox").check();
      await press(page, "Send again (1)");
      await press(page, "Send 1 job again", "dialog");
      await page.getByText("Sent 1 job again.").waitFor();
      await page.locator("#verdict").getByText("2 dead letters").waitFor();
      expect((await ops.letters()).data).toHaveLength(2);
      expect(faults).toEqual([]);
      await context.close();
    });
  });

const focusedLabel = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest("label")?.textContent);
