/**
 * Composes the standard job with the worker's own steps on all cores; every picture and voice exists from the
 * start. Prints its figures as one line of JSON.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Slots } from "../../render-worker/flow/slots.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { decodeVoice } from "../../render-worker/media/decode-voice.ts";
import { encodeSceneSound } from "../../render-worker/media/encode-scene-sound.ts";
import { coresPerSegment, encodeSegment } from "../../render-worker/media/encode-segment.ts";
import { joinFilm } from "../../render-worker/media/join-film.ts";
import { makePoster } from "../../render-worker/media/make-poster.ts";
import { timeScene } from "../../render-worker/media/scene-timing.ts";
import { verifyFilm } from "../../render-worker/media/verify-film.ts";
import { filmSize, type SceneInput } from "./make-inputs.ts";

export interface StandardJob {
  scenes: SceneInput[];
  folder: string;
}

export interface StandardJobReport {
  frames: number[];
  film: string;
  poster: string;
  /** From the last encoded segment to the verified film. */
  endSeconds: number;
}

const job = JSON.parse(process.argv[2] ?? "") as StandardJob;
const { signal } = new AbortController();
const cores = availableParallelism();
const slots = new Slots(cores);
const encoders = new Slots(Math.max(1, Math.floor(cores / coresPerSegment)));
const inFolder = (name: string) => join(job.folder, name);

const prepared = job.scenes.map(({ picture, voice }, index) =>
  slots.run(signal, async () => {
    const [plate] = await decodePicture(picture, [{ filmSize, to: inFolder(`plate-${index}`) }], signal);
    const decoded = await decodeVoice(voice, inFolder(`voice-${index}`), signal);
    if (!plate) throw new Error("no plate");
    const { frames, tempo } = timeScene(decoded.durationSeconds);
    const sound = inFolder(`sound-${index}.aac`);
    await encodeSceneSound({ ...decoded, tempo }, frames, sound, signal);
    return { plate, sound, frames };
  }),
);
const parts = await Promise.all(
  job.scenes.map(async ({ captions }, scene) => {
    const { plate, sound, frames } = await (prepared[scene] as (typeof prepared)[number]);
    const earlier = await prepared[scene - 1];
    const to = inFolder(`segment-${scene}.mp4`);
    const closing = scene === job.scenes.length - 1;
    const segment = { filmSize, scene, plate, frames, earlier, closing, captions, to };
    await encoders.run(signal, () => encodeSegment(segment, signal));
    return { pictures: to, sound, frames, title: `Scene ${scene + 1}` };
  }),
);
const allEncodedAt = performance.now();
const to = inFolder("film.mp4");
await joinFilm(parts, { title: "Bench", language: "en", to }, signal);
const frames = parts.map((part) => part.frames);
await verifyFilm(to, { filmSize, frames: frames.reduce((a, b) => a + b, 0) }, signal);
const endSeconds = (performance.now() - allEncodedAt) / 1000;
const { plate } = await (prepared[0] as (typeof prepared)[number]);
const poster = inFolder("poster.jpg");
await makePoster({ plate, filmSize, scene: 0, frames: frames[0] ?? 0, to: poster }, signal);
console.log(JSON.stringify({ frames, film: to, poster, endSeconds } satisfies StandardJobReport));
