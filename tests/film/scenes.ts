import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { looks, plainLook } from "../../render-worker/media/camera/looks.ts";
import type { Size } from "../../render-worker/media/camera/plan.ts";
import type { Plate } from "../../render-worker/media/camera/shot.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { type DecodedVoice, decodeVoice } from "../../render-worker/media/decode-voice.ts";
import { encodeSceneSound } from "../../render-worker/media/encode-scene-sound.ts";
import { encodeSegment } from "../../render-worker/media/encode-segment.ts";
import { timeScene } from "../../render-worker/media/scene-timing.ts";

export interface MadeScene {
  plate: Plate;
  voice: DecodedVoice;
  frames: number;
  pictures: string;
  sound: string;
  title: string;
}

/** Longer than in a film, so that sounds of the encoder do not reach a border. */
const pause = { least: 0.8, usual: 0.8, most: 1.4 };

/** The look of every scene but the first, whose frames the poster is compared with. */
export const laterLook = looks.dreamlike;

/** Makes scenes of pictures and voices as the worker does, one after the other. */
export async function makeScenes(
  folder: string,
  filmSize: Size,
  inputs: readonly { picture: Buffer; voice: Buffer; title: string }[],
  signal: AbortSignal,
): Promise<MadeScene[]> {
  const scenes: MadeScene[] = [];
  for (const [scene, { picture, voice: spoken, title }] of inputs.entries()) {
    const at = (name: string) => join(folder, `${name}-${scene}`);
    await writeFile(at("picture"), picture);
    await writeFile(at("voice"), spoken);
    const [plate] = await decodePicture(at("picture"), [{ filmSize, to: at("plate") }], signal);
    const voice = await decodeVoice(at("voice"), at("pcm"), signal);
    const { frames } = timeScene(voice.durationSeconds, pause, null);
    const [pictures, sound] = [at("segment"), at("sound")];
    await encodeSceneSound(voice, frames, sound, signal);
    const [earlier, closing] = [scenes.at(-1), scene === inputs.length - 1];
    const look = scene === 0 ? plainLook : laterLook;
    const segment = { filmSize, scene, look, plate: plate as Plate, frames, earlier, closing, to: pictures };
    await encodeSegment(segment, signal);
    scenes.push({ plate: plate as Plate, voice, frames, pictures, sound, title });
  }
  return scenes;
}

/** A PNG picture with soft light and saturated colours. */
export function paint(hue: number, size = { width: 1536, height: 1024 }): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
    <defs><linearGradient id="sky" x2="0.3" y2="1"><stop stop-color="hsl(${hue} 80% 60%)"/>
    <stop offset="1" stop-color="hsl(${hue + 70} 70% 20%)"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/><circle cx="30%" cy="40%" r="18%" fill="#e01010"/>
    <circle cx="70%" cy="60%" r="12%" fill="#10c040"/><rect x="45%" y="20%" width="8%" height="50%" fill="#2030f0"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

export const voiceRate = 24_000;

/** A mono WAV of `seconds`, sample by sample from -1 to 1. */
export function record(seconds: number, sound: (time: number, index: number) => number): Buffer {
  const samples = Math.round(seconds * voiceRate);
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    wav.writeUInt16LE(value, at);
  wav.writeUInt32LE(voiceRate, 24);
  wav.writeUInt32LE(voiceRate * 2, 28);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    const value = Math.max(-1, Math.min(1, sound(i / voiceRate, i)));
    wav.writeInt16LE(Math.round(value * 32_767), 44 + i * 2);
  }
  return wav;
}

/** A sound like a voice: syllables, pauses, harmonics; `loudness` 1 is the loudest possible. */
export const speak = (seconds: number, loudness: number, pitch = 140) =>
  record(seconds, (time) => {
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.2 * time)) * (time % 2.1 < 1.6 ? 1 : 0);
    let value = 0;
    for (let harmonic = 1; harmonic <= 16; harmonic++)
      value += Math.sin(2 * Math.PI * pitch * harmonic * time) / harmonic;
    return value * syllable * loudness * 0.6;
  });

const run = promisify(execFile);

/** Runs a tool on a finished film. */
export async function inspect(
  tool: "ffmpeg" | "ffprobe",
  ...args: string[]
): Promise<{ stdout: Buffer; stderr: string }> {
  const quiet = tool === "ffmpeg" ? ["-hide_banner", "-nostdin", "-nostats"] : ["-v", "error"];
  const options = { encoding: "buffer", maxBuffer: 1 << 28 } as const;
  const { stdout, stderr } = await run(tool, [...quiet, ...args], options);
  return { stdout, stderr: String(stderr) };
}

/** Mono samples of a film's sound at 48 kHz, from the film's first instant. */
export async function listen(...input: string[]): Promise<Float32Array> {
  const { stdout } = await inspect(
    "ffmpeg",
    ...input,
    "-map",
    "0:a:0",
    "-ac",
    "1",
    "-ar",
    "48000",
    "-f",
    "f32le",
    "-",
  );
  return new Float32Array(stdout.buffer, stdout.byteOffset, stdout.byteLength >> 2);
}

/** Presentation times of a film's video packets, in order. */
export async function readVideoTimes(file: string): Promise<number[]> {
  const { stdout } = await inspect(
    "ffprobe",
    ..."-select_streams v -show_entries packet=pts_time -of csv=p=0".split(" "),
    file,
  );
  return String(stdout)
    .split("\n")
    .filter(Boolean)
    .map(Number.parseFloat)
    .sort((a, b) => a - b);
}
