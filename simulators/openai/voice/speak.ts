import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { chooseCharacter } from "./choose-voice.ts";
import { hum } from "./hum.ts";
import { level } from "./level.ts";
import { speechRate } from "./rate.ts";
import { rememberShape } from "./recognise.ts";
import { runTool } from "./run-tool.ts";
import { synthesise, type Takes } from "./synthesise.ts";
import { takeTurns } from "./take-turns.ts";

export interface SpeechRequest {
  text: string;
  voice: string;
  speed: number;
}

/** The newest speeches by request: a request that is sent again costs no engine and no ffmpeg. */
const spoken = new Map<string, Float32Array>();
const mostSpoken = 32;

/**
 * The spoken text: mono samples at 24 kHz, about -20 LUFS, never clipped. A hum if no voice can speak it.
 */
export async function speak(request: SpeechRequest, signal: AbortSignal): Promise<Float32Array> {
  const key = JSON.stringify([request.text, request.voice, request.speed]);
  const known = spoken.get(key);
  if (known) return known;
  const samples = await turns(() =>
    signal.aborted ? Promise.reject(signal.reason) : speakNow(request, signal),
  );
  spoken.set(key, samples);
  if (spoken.size > mostSpoken) spoken.delete(spoken.keys().next().value as string);
  return samples;
}

const turns = takeTurns(Math.max(2, availableParallelism()));

async function speakNow({ text, voice, speed }: SpeechRequest, signal: AbortSignal): Promise<Float32Array> {
  const character = chooseCharacter(voice);
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-voice-"));
  try {
    const takes = await synthesise({ text, character, folder, signal });
    if (!takes) return level(hum(text, speed), -32);
    const pace = takes.tempo * character.pace * speed;
    const samples = level(trim(await mix(takes, pace, character.pitch, folder, signal)), -20);
    rememberShape(samples, speechRate, text);
    return samples;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All takes in a row with short pauses, at the requested pace and pitch, with a little reverberation. */
async function mix(
  takes: Takes,
  pace: number,
  pitch: number,
  cwd: string,
  signal: AbortSignal,
): Promise<Float32Array> {
  const steps = takes.inputs.map(
    (_, i) => `[${i}:a]aresample=${speechRate},aformat=channel_layouts=mono,apad=pad_dur=0.22[t${i}]`,
  );
  const voice = [
    `concat=n=${takes.inputs.length}:v=0:a=1`,
    `asetrate=${Math.round(speechRate * pitch)}`,
    `aresample=${speechRate}`,
    ...tempo(pace / pitch),
    "highpass=f=70",
    "equalizer=f=180:t=q:w=1:g=2",
    "equalizer=f=3200:t=q:w=1.2:g=-2",
    "aecho=0.9:0.85:23|41:0.10|0.06",
  ].join(",");
  const graph = `${steps.join(";")};${takes.inputs.map((_, i) => `[t${i}]`).join("")}${voice}[out]`;
  const args = [
    ...["-hide_banner", "-loglevel", "error", "-nostdin"],
    ...takes.inputs.flat(),
    ...["-filter_complex", graph, "-map", "[out]", "-f", "f32le", "pipe:1"],
  ];
  const raw = await runTool("ffmpeg", { args, cwd, signal });
  // Copied, because a pooled buffer may begin at any byte.
  return new Float32Array(new Uint8Array(raw).buffer, 0, Math.floor(raw.length / 4));
}

/** One `atempo` works best from half to double speed, so a larger change takes several. */
function tempo(factor: number): string[] {
  if (factor < 0.5) return ["atempo=0.5", ...tempo(factor / 0.5)];
  if (factor > 2) return ["atempo=2", ...tempo(factor / 2)];
  return [`atempo=${factor.toFixed(4)}`];
}

/** Keeps a tenth of a second before the first sound and a quarter after the last. */
function trim(samples: Float32Array): Float32Array {
  const heard = (sample: number) => Math.abs(sample) > 0.004;
  const first = samples.findIndex(heard);
  if (first < 0) return samples;
  const last = samples.findLastIndex(heard);
  return samples.slice(Math.max(0, first - speechRate * 0.1), last + speechRate * 0.25);
}
