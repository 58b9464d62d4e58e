/** A real browser with a real local cloud. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { StackInfo as LocalStack } from "../../command-line/local-cloud.ts";
import type { Dream } from "../../contract/dream.ts";
import type { JobEvent } from "../../contract/event.ts";
import type { VideoStatus } from "../../contract/job.ts";
import type { EventPage } from "../../contract/live.ts";
import { findBrowser, findLightBrowser } from "../../local/find-browser.mjs";
import { root, runScript, type Script, serveWorker, smallWorker, untilIn } from "../stack/run-script.ts";
import { microphoneArgs } from "./fake-microphone.ts";

type StackInfo = Pick<LocalStack, "edge_url" | "queue_url" | "openai_url" | "api_key" | "admin_key">;

export interface Studio {
  info: StackInfo;
  stateDir: string;
  browser: Browser;
  /**
   * A page with the key. Errors that it logs are in `faults`. `plays`: false where no test looks at the
   * playing film, as in a browser that forbids it, or "sound" where it listens to a voice: to decode and draw
   * a film costs Chromium a third of a core.
   */
  open(
    options?: Parameters<Browser["newContext"]>[0] & { plays?: boolean | "sound" },
  ): Promise<{ context: BrowserContext; page: Page; faults: string[] }>;
  /** A call of the API with the key: POST if there is a body. */
  ask<T>(path: string, body?: object): Promise<T>;
  status(dreamId: string): Promise<VideoStatus>;
  dreams(): Promise<Dream[]>;
  /** The stored events of the dream's newest job, in order. */
  log(dreamId: string): Promise<JobEvent[]>;
  /** Changes the AI simulator's latency and faults. */
  control(change: Record<string, unknown>): Promise<void>;
  /** The number of purchases by capability, from the AI simulator's own bill. */
  bill(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/**
 * For a page that never does what a test waits for. On a machine under load a film of 10 s plays for a
 * minute.
 */
export const patienceMs = 200_000;

const quietly = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * With SCREENSHOTS=1: a picture of the page in test-output/, for a person to look at. `window`: only what the
 * window shows.
 */
export async function shoot(page: Page, name: string, suite = "studio"): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  const shots = join(root, "test-output", suite);
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: process.env.SCREENSHOTS !== "window" });
}

export async function shootInThemes(page: Page, name: string, suite = "studio"): Promise<void> {
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, `${name}-${colorScheme}`, suite);
  }
}

/**
 * A local cloud whose films are a quarter as wide and as high as production's, and a browser. `latency`: the
 * AI simulator's latency by capability, in milliseconds. `env`: variables for every process of the local
 * cloud. `microphone`: the WAV file that Chromium's microphone plays.
 */
export async function openStudio(
  latency: string,
  env: Record<string, string> = {},
  microphone: string | null = null,
): Promise<Studio> {
  const script = await runScript("local/dev.ts", ["--no-reload"], {
    OPENAI_SIMULATOR_LATENCY: latency,
    // The films are small, and to paint a picture in full size costs 0.7 CPU seconds.
    OPENAI_SIMULATOR_PICTURE_SCALE: "0.27",
    DREAMREEL_WORKER: smallWorker,
    DREAMREEL_WRANGLER: serveWorker,
    ...env,
  });
  const executablePath = microphone === null ? findLightBrowser() : findBrowser();
  if (executablePath === null) throw new Error("There is no Chromium: npm test installs it.");
  const [info, browser] = await Promise.all([
    untilUp(script),
    chromium.launch({
      executablePath,
      args: microphone === null ? quietly : [...quietly, ...microphoneArgs(microphone)],
    }),
  ]);
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const response = await fetch(info.edge_url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${info.api_key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as T;
  };
  return {
    info,
    stateDir: script.stateDir,
    browser,
    async open({ plays = true, ...options } = {}) {
      if (script.child.exitCode !== null) throw new Error(`The local cloud ended:\n${script.output.stderr}`);
      // An animation without a GPU uses a core as long as the page is open.
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      context.setDefaultTimeout(patienceMs);
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(String(error)));
      await page.addInitScript(rememberEvents);
      if (plays !== true) await page.addInitScript(forbidPlaying(plays === "sound" ? "Video" : "Media"));
      await page.goto(`${info.edge_url}/#key=${info.api_key}`);
      await page.locator("#compose").waitFor();
      return { context, page, faults };
    },
    ask,
    status: (dreamId) => ask(`/dreams/${dreamId}/video-status`),
    dreams: async () => (await ask<{ data: Dream[] }>("/dreams")).data,
    log: async (dreamId) => (await ask<EventPage>(`/dreams/${dreamId}/events?limit=100`)).data,
    async control(change) {
      const address = new URL("/_control", info.openai_url);
      const headers = { "content-type": "application/json" };
      const response = await fetch(address, { method: "POST", headers, body: JSON.stringify(change) });
      if (!response.ok) throw new Error(`_control: ${response.status} ${await response.text()}`);
    },
    async bill() {
      const ledger = await fetch(new URL("/_ledger", info.openai_url));
      const { billed } = (await ledger.json()) as { billed: { capability: string }[] };
      const counts: Record<string, number> = {};
      for (const { capability } of billed) counts[capability] = (counts[capability] ?? 0) + 1;
      return counts;
    },
    async close() {
      await browser.close();
      script.child.kill("SIGTERM");
      await script.exit;
      rmSync(script.stateDir, { recursive: true, force: true });
    },
  };
}

async function untilUp(script: Script): Promise<StackInfo> {
  const path = join(script.stateDir, "stack.json");
  await untilIn(script, () => existsSync(path));
  return JSON.parse(readFileSync(path, "utf8")) as StackInfo;
}

const forbidPlaying = (kind: "Media" | "Video") =>
  `HTML${kind}Element.prototype.play = () => Promise.reject(new DOMException("forbidden", "NotAllowedError"));`;

/**
 * Runs in the page before its own scripts: stores the id of every stored event that reaches it, over all its
 * streams.
 */
function rememberEvents(): void {
  const seen: string[] = [];
  Object.assign(globalThis, { seenEvents: seen });
  const before = globalThis.fetch;
  globalThis.fetch = async (...request) => {
    const response = await before(...request);
    if (!String(request[0]).includes("/video-events") || response.body === null) return response;
    const [ours, theirs] = response.body.tee();
    void (async () => {
      const reader = ours.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        text += value;
        for (const [whole, id] of text.matchAll(/^id: (.*)\n(?:.+\n)*\n/gm)) {
          seen.push(id as string);
          text = text.replace(whole, "");
        }
      }
    })().catch(() => {});
    return new Response(theirs, response);
  };
}
