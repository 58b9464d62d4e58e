import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findLightBrowser } from "../../local/find-browser.mjs";
import { until } from "../until.ts";
import { type Edge, startEdge } from "./harness.ts";

let edge: Edge;
let browser: Browser;
beforeAll(async () => {
  const executablePath = findLightBrowser();
  [edge, browser] = await Promise.all([
    startEdge(),
    chromium.launch({
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    }),
  ]);
});
it("the page is a static file with a policy of its own, beside which the other pages keep theirs", async () => {
  const page = await fetch(new URL("/docs", edge.url));
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toMatch(/^text\/html/);
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  const policy = page.headers.get("content-security-policy");
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';/);
  expect(policy).not.toContain(", ");
  const studio = await fetch(new URL("/", edge.url));
  expect(studio.headers.get("content-security-policy")).toMatch(/style-src 'self';/);
  const script = await fetch(new URL("/docs/swagger-ui-bundle.js", edge.url));
  expect(script.headers.get("cache-control")).toBe("public, max-age=86400");
});

it("the zod that the Worker gets is zod without the messages of other languages", async () => {
  const inWorker: object = await import(String(new URL("../../edge/zod-english.js", import.meta.url)));
  const whole = Object.keys(await import("zod")).filter((name) => name !== "core" && name !== "locales");
  expect(Object.keys(inWorker).sort()).toEqual(whole.sort());
});

afterAll(async () => {
  await browser.close();
  await edge.close();
});

it("a person makes a dream on /docs in the dark, which loads nothing from other hosts and violates none of its own policies", async () => {
  const page = await browser.newPage({ colorScheme: "dark" });
  const faults: string[] = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== edge.url.host) faults.push(request.url());
  });
  // What an earlier version kept. Another page of the same origin, because each load of /docs costs CPU
  // seconds.
  await page.goto(new URL("/health", edge.url).href);
  await page.evaluate(() => localStorage.setItem("authorized", "{}"));
  await page.goto(new URL("/docs", edge.url).href);
  await page.click(".authorize");
  await page.fill("#auth-bearer-value", (await edge.newKey()).key);
  await page.click(".auth-btn-wrapper .authorize");
  await page.click(".btn-done");
  await page.click("#operations-Dreams-createDream .opblock-summary-control");
  await page.click("#operations-Dreams-createDream .execute");
  const status = page
    .locator("#operations-Dreams-createDream .live-responses-table tbody .response-col_status")
    .first();
  await until(async () => (await status.textContent())?.includes("201"));
  expect(await edge.sql("SELECT title FROM dreams")).toEqual([{ title: "The silver sea" }]);
  const kept = () => page.evaluate(() => [...Object.values(localStorage), ...Object.values(sessionStorage)]);
  expect(await kept(), "the key is in no storage").toEqual([]);
  // Without operations, because to draw them costs CPU seconds.
  await page.route("**/openapi.json", async (route) => {
    const description = await (await route.fetch()).json();
    await route.fulfill({ json: { ...description, paths: {} } });
  });
  await page.reload();
  await page.click(".authorize");
  expect(await page.inputValue("#auth-bearer-value")).toBe("");
  const ground: string = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
  const channels = (ground.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  expect(Math.max(...channels), `dark: ${ground}`).toBeLessThan(64);
  expect(faults).toEqual([]);
});
