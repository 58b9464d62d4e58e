/** Recordings made harder to align. The random numbers are seeded, so every run hears the same noise. */
import { spawn } from "node:child_process";
import type { Recording } from "../../render-worker/captions/align/extract-features.ts";

/** A changed recording, and the factor on every time in it. */
export interface Disturbed {
  recording: Recording;
  stretch: number;
}

/** Changes a recording. */
export type Disturb = (recording: Recording) => Promise<Disturbed>;

/** Every disturbance of the alignment table, by its name there. */
export const disturbances: Record<string, Disturb> = {
  clean: async (recording) => ({ recording, stretch: 1 }),
  "noise, 20 dB": async (recording) => ({ recording: addBelow(recording, makeNoise, 20), stretch: 1 }),
  "noise, 10 dB": async (recording) => ({ recording: addBelow(recording, makeNoise, 10), stretch: 1 }),
  "music, 12 dB": async (recording) => ({ recording: addBelow(recording, makeMusic, 12), stretch: 1 }),
  "room echo": async (recording) => ({ recording: addEcho(recording), stretch: 1 }),
  "speed 0.8": (recording) => changeSpeed(recording, 0.8),
  "speed 1.25": (recording) => changeSpeed(recording, 1.25),
};

type Sound = (samples: number, sampleRate: number) => Float32Array;

/** The recording with another sound, whose power is `belowDb` lower than that of the whole recording. */
function addBelow({ pcm, sampleRate }: Recording, sound: Sound, belowDb: number): Recording {
  const other = sound(pcm.length, sampleRate);
  const gain = Math.sqrt(powerOf(pcm) / powerOf(other)) * 10 ** (-belowDb / 20);
  return { pcm: pcm.map((sample, i) => sample + gain * (other[i] as number)), sampleRate };
}

const powerOf = (pcm: Float32Array) => pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length;

/** Numbers from -1 to 1 of a linear congruential generator. */
function makeRandom(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Noise of a room or a fan: white noise through a low pass of 2 kHz, with a tenth of it left white. */
function makeNoise(samples: number, sampleRate: number): Float32Array {
  const random = makeRandom();
  const share = 1 - Math.exp((-2 * Math.PI * 2000) / sampleRate);
  let low = 0;
  return Float32Array.from({ length: samples }, () => {
    const white = random();
    low += share * (white - low);
    return low + 0.1 * white;
  });
}

const chords = [
  [220, 261.6, 329.6],
  [174.6, 220, 261.6],
  [196, 246.9, 293.7],
];

/** Three chords of plucked tones with five harmonics, two plucks a second. */
function makeMusic(samples: number, sampleRate: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => {
    const seconds = i / sampleRate;
    const pluck = Math.floor(seconds * 2);
    const decay = Math.exp(-4 * (seconds - pluck / 2));
    const chord = chords[Math.floor(pluck / 4) % chords.length] as number[];
    let sample = 0;
    for (const hz of chord) {
      for (let n = 1; n <= 5; n++) sample += (decay * Math.sin(2 * Math.PI * hz * n * seconds)) / n;
    }
    return sample;
  });
}

/** The voice in a room: ten reflections within 0.2 s, 60 dB weaker after 0.4 s. */
function addEcho({ pcm, sampleRate }: Recording): Recording {
  const random = makeRandom();
  const reflections = Array.from({ length: 10 }, (_, n) => {
    const delay = 0.012 + 0.019 * n + 0.005 * random();
    return {
      at: Math.round(delay * sampleRate),
      gain: 0.7 * 10 ** ((-3 * delay) / 0.4) * Math.sign(random()),
    };
  });
  const echoed = pcm.map((sample, i) =>
    reflections.reduce((sum, { at, gain }) => sum + gain * (pcm[i - at] ?? 0), sample),
  );
  return { pcm: echoed, sampleRate };
}

async function changeSpeed({ pcm, sampleRate }: Recording, speed: number): Promise<Disturbed> {
  const format = ["-f", "f32le", "-ar", String(sampleRate), "-ac", "1"];
  const args = ["-v", "error", ...format, "-i", "pipe:0", "-af", `atempo=${speed}`, ...format, "pipe:1"];
  const ffmpeg = spawn("ffmpeg", args, { stdio: ["pipe", "pipe", "inherit"] });
  ffmpeg.stdin.end(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength));
  const chunks: Buffer[] = [];
  for await (const chunk of ffmpeg.stdout) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const changed = Float32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readFloatLE(4 * i));
  return { recording: { pcm: changed, sampleRate }, stretch: 1 / speed };
}
