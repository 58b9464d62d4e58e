/** Where Chromium is. Plain JavaScript, because the set-up runs it on the system's Node. */
import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";

const withoutWindows = "/usr/bin/chromium-headless-shell";
const places = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The browser's file: the system's, else the one that playwright has installed; null if there is none.
 * Ubuntu's snap does not count, because it cannot open a profile in /tmp.
 */
export function findBrowser() {
  const installed = places.find((path) => existsSync(path) && !realpathSync(path).includes("/snap"));
  if (installed) return installed;
  const { chromium } = createRequire(import.meta.url)("playwright-core");
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

/**
 * Debian's Chromium without windows if it is installed, which needs less CPU for a page; else findBrowser's.
 * It cannot deny a page the microphone.
 */
export const findLightBrowser = () => (existsSync(withoutWindows) ? withoutWindows : findBrowser());
