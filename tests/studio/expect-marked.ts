import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { VideoStatus } from "../../contract/job.ts";
import { readCredentials } from "../read-credentials.ts";
import { findViolations } from "./find-violations.ts";
import { shoot } from "./open-studio.ts";

/** The page and each file say that AI made the film; no file has one of `words`. */
export async function expectMarked(page: Page, status: VideoStatus, words: string[]): Promise<void> {
  await page.getByText("Made with AI", { exact: true }).click();
  await page.getByText("carry content credentials").waitFor();
  await shoot(page, "made-with-ai");
  expect(await findViolations(page)).toEqual([]);
  expect(status.content_credentials).toBe(true);
  for (const [url, type] of [
    [status.video_url, "video/mp4"],
    [status.preview_url, "video/mp4"],
    [status.poster_url, "image/jpeg"],
  ] as const) {
    const bytes = Buffer.from(await (await fetch(url as string)).arrayBuffer());
    const read = await readCredentials(bytes, type);
    expect(read, url as string).toMatchObject({ state: "Valid", codes: ["signingCredential.untrusted"] });
    const manifest = JSON.stringify(read?.manifest);
    expect(manifest).toContain("digitalsourcetype/trainedAlgorithmicMedia");
    for (const word of words) expect(manifest).not.toContain(word);
  }
}
