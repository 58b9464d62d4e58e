export function findBrowser(): string | null;
/** Chromium without windows if it is installed, else findBrowser's. It cannot deny a page the microphone. */
export function findLightBrowser(): string | null;
