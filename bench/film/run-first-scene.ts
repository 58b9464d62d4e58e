/**
 * Measures the time from a scene's picture and voice to a playable scene, in a warm worker without other
 * jobs. Prints milliseconds by rendition as one line of JSON.
 */
import { join } from "node:path";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { decodeVoice } from "../../render-worker/media/decode-voice.ts";
import { encodeSceneSound } from "../../render-worker/media/encode-scene-sound.ts";
import { encodeSegment } from "../../render-worker/media/encode-segment.ts";
import { joinFilm } from "../../render-worker/media/join-film.ts";
import { timeScene } from "../../render-worker/media/scene-timing.ts";
import { filmSize, preview } from "./make-inputs.ts";
import type { StandardJob } from "./run-standard-job.ts";

const job = JSON.parse(process.argv[2] ?? "") as StandardJob;
const { signal } = new AbortController();
const inFolder = (name: string) => join(job.folder, name);
await makePlayable(preview, "preview");
const milliseconds: Record<string, number> = {};
for (const [name, size] of [
  ["preview", preview],
  ["film", filmSize],
] as const) {
  const startedAt = performance.now();
  await makePlayable(size, name);
  milliseconds[name] = Math.round(performance.now() - startedAt);
}
console.log(JSON.stringify(milliseconds));

async function makePlayable(
  size: typeof filmSize | typeof preview,
  quality: "film" | "preview",
): Promise<void> {
  const [scene] = job.scenes;
  if (!scene) throw new Error("no scene");
  const decodingVoice = decodeVoice(scene.voice, inFolder("voice"), signal);
  const [[plate], voice] = await Promise.all([
    decodePicture(scene.picture, [{ filmSize: size, to: inFolder("plate") }], signal),
    decodingVoice,
  ]);
  if (!plate) throw new Error("no plate");
  const { frames, tempo } = timeScene(voice.durationSeconds);
  const [pictures, sound] = [inFolder("segment.mp4"), inFolder("sound.aac")];
  const { captions } = scene;
  await Promise.all([
    encodeSceneSound({ ...voice, tempo }, frames, sound, signal),
    encodeSegment(
      { filmSize: size, scene: 0, plate, frames, closing: false, captions, quality, to: pictures },
      signal,
    ),
  ]);
  await joinFilm(
    [{ pictures, sound, frames, title: "" }],
    { title: "", language: "en", to: inFolder("first.mp4") },
    signal,
  );
}
