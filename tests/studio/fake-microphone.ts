/**
 * The microphone of Chromium, which plays a WAV file: from its start whenever a page opens the microphone,
 * and again when it has ended.
 */
import { writeFile } from "node:fs/promises";

/** Chromium's arguments. The person's consent is given by `consent`, else the page's permission decides. */
export const microphoneArgs = (path: string, consent = true): string[] => [
  "--use-fake-device-for-media-stream",
  ...(consent ? ["--use-fake-ui-for-media-stream"] : []),
  `--use-file-for-fake-audio-capture=${path}`,
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
export const secondsOf = (wav: Buffer): number => (wav.length - 44) / wav.readUInt32LE(28);

/** From now on a page that opens the microphone hears this. Nothing is in the file's last tenths of a second. */
export const putBefore = (path: string, wav: Buffer): Promise<void> => writeFile(path, wav);
