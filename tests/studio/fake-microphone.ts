/**
 * The microphone of Chromium, which plays a WAV file: from its start whenever a page opens the microphone,
 * and then silence.
 */
import { writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";

/** Chromium's arguments. A page still needs the permission `microphone`. */
export const microphoneArgs = (path: string): string[] => [
  "--use-fake-device-for-media-stream",
  `--use-file-for-fake-audio-capture=${path}%noloop`,
];

/** What the AI simulator's voice says, as WAV: the simulator recognises it when it hears it. */
export async function speak(openaiUrl: string, text: string): Promise<Buffer> {
  const response = await fetch(`${openaiUrl}/audio/speech`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer local" },
    body: JSON.stringify({ model: "gpt-4o-mini-tts", input: text, voice: "sage", response_format: "wav" }),
  });
  if (!response.ok) throw new Error(`speech: ${response.status} ${await response.text()}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Seconds of a WAV of the simulator: 16-bit samples after a header of 44 bytes. */
const secondsOf = (wav: Buffer): number => (wav.length - 44) / wav.readUInt32LE(28);

/** Presses Record, or another button that records, and returns when the page has heard the whole sound. */
export async function startSpeaking(
  page: Page,
  path: string,
  sound: Buffer,
  button = "Record",
): Promise<void> {
  await writeFile(path, sound);
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.getByText("Recording. Speak now.").waitFor();
  await sleep(secondsOf(sound) * 1000);
}

/** Records the sound as one part. Gives the time at which Stop was pressed. */
export async function recordPart(page: Page, path: string, sound: Buffer): Promise<number> {
  await startSpeaking(page, path, sound);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  return performance.now();
}
