/** The operators' page in a real browser, in front of a real local cloud with real jobs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { DeadLetterList } from "../../contract/dead-letter.ts";
import type { JobStatus, VideoQueued } from "../../contract/job.ts";
import type { OpsFigures, OpsJobs, OpsTimeline } from "../../contract/ops.ts";
import { localAccountId, localQueues } from "../../simulators/queue/catalogue.ts";
import { openStudio, patienceMs, type Studio } from "../studio/open-studio.ts";
import { until } from "../until.ts";

export interface Ops {
  studio: Studio;
  /** A page that has the admin key. */
  open(
    options?: Parameters<Browser["newContext"]>[0] & { at?: string },
  ): Promise<{ context: BrowserContext; page: Page; faults: string[] }>;
  /** Resolves to the new job's id. */
  makeFilm(transcript: string, key?: string): Promise<string>;
  newKey(owner: string): Promise<string>;
  figures(): Promise<OpsFigures>;
  jobs(query: string): Promise<OpsJobs>;
  story(jobId: string): Promise<OpsTimeline>;
  untilStatus(jobId: string, ...wanted: JobStatus[]): Promise<OpsTimeline>;
  /** Returns messages about these jobs until the queue gives up on them. No worker may have a free slot. */
  exhaustMessages(...jobIds: string[]): Promise<void>;
  letters(): Promise<DeadLetterList>;
}

/**
 * One film at a time, and slow ones, so that jobs wait. The page shows nothing of the films themselves, so a
 * worker that does not encode makes them: the real films of this file cost 50 CPU seconds.
 */
export async function openOps(): Promise<Ops> {
  const studio = await openStudio("text=300,picture=6000,voice=500", {
    WORKER_CONCURRENCY: "1",
    DREAMREEL_WORKER: "tests/chaos/worker.ts",
  });
  const { info } = studio;
  const call = async <T>(path: string, key = info.admin_key, body?: unknown): Promise<T> => {
    const response = await fetch(new URL(path, info.edge_url), {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const story = (jobId: string) => call<OpsTimeline>(`/admin/ops/jobs/${jobId}`);
  let dreams = 0;
  return {
    studio,
    async open({ at = "#/", ...options } = {}) {
      const context = await studio.browser.newContext({
        viewport: { width: 1280, height: 900 },
        colorScheme: "dark",
        // An animation without a GPU uses a core as long as the page is open.
        reducedMotion: "reduce",
        ...options,
      });
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      page.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
      });
      await page.addInitScript((key) => sessionStorage.setItem("dreamreel.admin-key", key), info.admin_key);
      await page.goto(`${info.edge_url}/ops/${at}`);
      await page.locator("#verdict .verdict").waitFor();
      return { context, page, faults };
    },
    async makeFilm(transcript, key = info.api_key) {
      const id = `d${process.pid}-${dreams++}`;
      await call("/dreams", key, { id, transcript });
      return (await call<VideoQueued>(`/dreams/${id}/finish`, key, { length_seconds: 10 })).job_id;
    },
    newKey: async (owner) => (await call<{ key: string }>("/admin/keys", info.admin_key, { owner })).key,
    figures: () => call("/admin/ops/figures"),
    jobs: (query) => call(`/admin/ops/jobs?${query}`),
    story,
    untilStatus: (jobId, ...wanted) =>
      until(
        () => story(jobId),
        ({ job }) => wanted.includes(job.status),
      ),
    async exhaustMessages(...jobIds) {
      const { queueToken } = JSON.parse(readFileSync(join(studio.stateDir, "secrets.json"), "utf8"));
      const queue = `${info.queue_url}/client/v4/accounts/${localAccountId}/queues/${localQueues.premium.id}`;
      const post = async (path: string, body: object) => {
        const response = await fetch(`${queue}/messages${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${queueToken}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        });
        return (await response.json()) as { result: { messages: { lease_id: string }[] } };
      };
      for (const job_id of jobIds) await post("", { body: { v: 1, job_id }, content_type: "json" });
      for (let delivery = 0; delivery <= localQueues.premium.maxRetries; delivery++) {
        const { messages } = (await post("/pull", { batch_size: 100 })).result;
        if (messages.length !== jobIds.length)
          throw new Error(`Another consumer pulled: ${messages.length} left`);
        await post("/ack", {
          acks: [],
          retries: messages.map(({ lease_id }) => ({ lease_id, delay_seconds: 0 })),
        });
      }
    },
    letters: () => call("/admin/dead-letters"),
  };
}

export const press = async (page: Page, name: string | RegExp, within = "main") => {
  const button = page.locator(within).getByRole("button", { name, exact: true });
  await button.focus();
  await page.keyboard.press("Enter");
};
