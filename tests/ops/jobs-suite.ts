/** Jobs while they wait, are made and end. */
// A part of ops.test.ts, not a file of its own: the parts share one local cloud and one Chromium, whose start
// takes longer than most tests. This part alone: npx vitest run tests/ops/ops.test.ts -t "jobs"
import { describe, expect, it } from "vitest";
import { findViolations, findViolationsInThemes } from "../studio/find-violations.ts";
import { shoot, shootInThemes } from "../studio/open-studio.ts";
import type { Ops } from "./open-ops.ts";

/** The id of a job that ended so: one of an earlier test, or a new one. */
async function anyJob(ops: Ops, status: "completed" | "failed"): Promise<string> {
  const [known] = (await ops.jobs(`status=${status}&limit=1`)).data;
  if (known) return known.id;
  if (status === "failed") await ops.studio.control({ faults: [refusal] });
  const jobId = await ops.makeFilm("A forbidden door opened into the sea.");
  await ops.untilStatus(jobId, status);
  return jobId;
}

const refusal = { kind: "content_policy_violation", capability: "text", match: "forbidden" };

export const lookAtJobs = (open: () => Ops) =>
  describe("jobs", () => {
    it("are counted while they come and go, without a reload", async () => {
      const ops = open();
      const { page, context, faults } = await ops.open();
      const tile = (name: string) => page.locator(".tile").filter({ hasText: name }).locator(".tile-value");
      expect(await tile("Standard waiting").textContent()).toBe("0");
      const ids = [];
      for (const n of [1, 2]) ids.push(await ops.makeFilm(`Wave number ${n} carried a clock to the shore.`));
      await tile("Being made").filter({ hasText: "1" }).waitFor();
      await tile("Standard waiting").filter({ hasText: "1" }).waitFor();
      await page.getByText("1 of 1 slot", { exact: true }).waitFor();
      await shoot(page, "busy-dark", "ops");
      for (const id of ids) await ops.untilStatus(id, "completed");
      await tile("Completed").filter({ hasText: "2" }).waitFor();
      const { spent_usd } = await ops.figures();
      expect(Number((await tile("Spent").textContent())?.slice(1))).toBeCloseTo(spent_usd, 2);
      await page.locator("#verdict", { hasText: "All is well" }).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    });

    it("show the whole history of a film: times, scenes, costs, attempts", async () => {
      const ops = open();
      const { job, scenes, costs, events } = await ops.story(await anyJob(ops, "completed"));
      const { page, context, faults } = await ops.open({ at: `#/jobs/${job.id}` });
      const part = (name: string) => page.getByRole("region", { name, exact: true });
      await part("Events").waitFor();
      expect(await page.locator(".job-state").textContent()).toContain(
        `${scenes.length} of ${scenes.length} scene`,
      );
      expect(await part("Scenes").getByRole("row").count()).toBe(scenes.length + 1);
      expect(await part("Purchases").getByRole("row").count()).toBe(costs.length + 1);
      expect(await part("Events").getByRole("row").count()).toBe(events.length + 1);
      expect(await part("Attempts").getByRole("row").nth(1).textContent()).toContain("job.completed");
      expect(await page.locator(".lane .bar.good").count()).toBe(1 + scenes.length);
      const sharesOk = await page.locator(".lane .bar").evaluateAll((bars) =>
        bars.every((bar) => {
          const track = (bar.parentElement as HTMLElement).getBoundingClientRect();
          const { left, right } = bar.getBoundingClientRect();
          return left >= track.left - 1 && right <= track.right + 3;
        }),
      );
      expect(sharesOk, "every bar lies within its track").toBe(true);
      await page.getByRole("link", { name: job.owner }).click();
      await page.waitForURL(/#\/jobs\?owner=/);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("show their error, and are found by it", async () => {
      const ops = open();
      await ops.studio.control({ faults: [refusal] });
      const jobId = await ops.makeFilm("A forbidden door opened into the sea.");
      const { job } = await ops.untilStatus(jobId, "failed");
      const { page, context, faults } = await ops.open({ at: "#/jobs" });
      await page.getByLabel("Status").selectOption("Failed");
      await page.waitForURL(/status=failed/);
      await page.getByLabel("Error code").fill(job.error?.code as string);
      await page.keyboard.press("Enter");
      await page.waitForURL(/error_code=/);
      await page.reload();
      await page.getByRole("table", { name: "Jobs" }).waitFor();
      expect(await page.getByLabel("Status").inputValue()).toBe("failed");
      expect(await page.getByRole("row").count(), "its head, and the one").toBe(2);
      await page
        .locator("#verdict")
        .getByRole("link", { name: /^1 of \d films? failed in the last hour: openai\.refused since \d/ })
        .waitFor();
      await page.getByRole("link", { name: jobId }).click();
      await page
        .getByText(job.error?.message as string)
        .first()
        .waitFor();
      expect(await page.getByRole("link", { name: job.error?.code as string, exact: true }).count()).toBe(1);
      expect(await page.getByRole("link", { name: "What it means" }).getAttribute("href")).toBe(
        `/problems/${job.error?.code}`,
      );
      await page.goBack();
      await page.getByLabel("Error code").fill("unknown.code");
      await page.keyboard.press("Enter");
      await page.getByText("No job matches.").waitFor();
      await page.getByRole("link", { name: "Show all" }).click();
      await page.getByRole("row").nth(3).waitFor();
      expect(faults).toEqual([]);
      await context.close();
    });

    it("say that there is no such job", async () => {
      const { page, context } = await open().open({ at: "#/jobs/job_nobody" });
      await page.getByRole("alert").getByText("job.not_found").waitFor();
      await context.close();
    });

    it("never become markup, whatever text an owner or an error has", async () => {
      const { page, context, faults } = await open().open();
      const evil = '<img src=x onerror="document.title=1"><b>owner</b>';
      await page.route(/\/admin\/ops\/jobs\?/, async (route) => {
        const response = await route.fetch();
        const { data, ...rest } = await response.json();
        const error = { code: evil, message: evil, retryable: false };
        await route.fulfill({
          response,
          json: { ...rest, data: data.map((job: object) => ({ ...job, owner: evil, error })) },
        });
      });
      await page.getByRole("link", { name: "Jobs", exact: true }).click();
      await page.getByText(evil).first().waitFor();
      expect(await page.locator("#job-list img, #job-list b").count()).toBe(0);
      expect(faults).toEqual([]);
      await context.close();
    });

    it("have no fault that axe finds, in dark and light, on large and small screens", async () => {
      const ops = open();
      const places = {
        overview: "#/",
        jobs: "#/jobs",
        completed: `#/jobs/${await anyJob(ops, "completed")}`,
        failed: `#/jobs/${await anyJob(ops, "failed")}`,
        "dead-letters": "#/dead-letters",
      };
      const { page, context } = await ops.open();
      for (const [name, place] of Object.entries(places)) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(`${ops.studio.info.edge_url}/ops/${place}`);
        await page.waitForRequest(/figures$/);
        await page.waitForResponse(/figures$/);
        expect(await findViolationsInThemes(page), name).toEqual([]);
        await shootInThemes(page, name, "ops");
        await page.setViewportSize({ width: 390, height: 844 });
        // The width changes no colour, so one theme is enough.
        await page.emulateMedia({ colorScheme: "dark" });
        expect(await findViolations(page), `${name}, on a phone`).toEqual([]);
        await shootInThemes(page, `${name}-phone`, "ops");
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow, `nothing of ${name} sticks out at phone width`).toBeLessThanOrEqual(0);
      }
      await context.close();
    });
  });
