/**
 * A film without its pictures: storyboard, voices and sound as the worker makes them, with the AI simulator.
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { z } from "zod";
import { FilmOptions } from "../../contract/film.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { createAi } from "../../render-worker/ai/create-ai.ts";
import { guardAi } from "../../render-worker/ai/guard-ai.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { framesToSeconds } from "../../render-worker/media/grid.ts";
import { type Loudness, parseLoudness } from "../../render-worker/media/loudness.ts";
import type { FilmContext } from "../../render-worker/pipeline/film-context.ts";
import { prepareSound } from "../../render-worker/pipeline/prepare-sound.ts";
import { type PreparedVoice, prepareVoice } from "../../render-worker/pipeline/prepare-voice.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import { obtainStoryboard } from "../../render-worker/pipeline/storyboard.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import { parseProviders } from "../../render-worker/runtime/providers.ts";
import { createFakeLedger } from "../fakes/fake-ledger.ts";
import { createFakeStorage } from "../fakes/fake-storage.ts";

export interface FilmVoices {
  storyboard: Storyboard;
  voices: PreparedVoice[];
  seconds: number;
  context: FilmContext;
}

/** The storyboard and the voices of a film of this dream, and the film's length. */
export async function makeVoices(
  origin: string,
  transcript: string,
  options: z.input<typeof FilmOptions>,
  folder: string,
  env: Record<string, string> = {},
): Promise<FilmVoices> {
  const { signal } = new AbortController();
  const storage = createFakeStorage(folder);
  const ports = createFakeLedger().ports(storage.storage, signal);
  const providers = parseProviders({ OPENAI_API_KEY: "k", OPENAI_BASE_URL: `${origin}/v1`, ...env });
  const kinds = providers.voices.flatMap((voice) => ("model" in voice ? [voice.kind] : []));
  const context = {
    ...ports,
    ...{ folder, signal, providers, storage: storage.storage, encoders: new Slots(2) },
    progress: new Progress(() => {}),
    ai: guardAi(createAi(providers), { aiCall: () => {}, circuit: () => {} }, kinds),
    job: {
      ...{ outcome: "claimed", job_id: "j", dream_id: "d", attempt: 1, lease_ms: 60_000, asset_scope: "o" },
      ...{ traceparent: null, storyboard: null, dream: { title: null, transcript } },
      options: FilmOptions.parse(options),
    },
    ...{ filmSize: { width: 320, height: 180 }, previewSize: { width: 160, height: 90 } },
    assets: createAssetStore(ports, "o", folder, signal),
  } as unknown as FilmContext;
  const storyboard = await obtainStoryboard(context);
  const voices = await Promise.all(storyboard.scenes.map((_, i) => prepareVoice(storyboard, i, context)));
  await context.assets.flush();
  const seconds = voices.reduce((sum, { frames }) => sum + framesToSeconds(frames), 0);
  return { storyboard, voices, seconds, context };
}

/** The film's sound as one ADTS file, joined as the film's is. */
export async function makeSoundtrack({ storyboard, voices, context }: FilmVoices): Promise<string> {
  const ready = voices.map((voice) => Promise.resolve(voice));
  const sounds = await Promise.all(voices.map((_, i) => prepareSound(storyboard, i, ready, context)));
  const to = join(context.folder, "soundtrack.aac");
  await writeFile(to, Buffer.concat(await Promise.all(sounds.map(({ path }) => readFile(path)))));
  return to;
}

export interface HeardSound extends Loudness {
  seconds: number;
  /** The part of the sound that is below -50 dBFS, in blocks of 20 ms. */
  deadShare: number;
  /** Before the silence at the end. */
  longestDeadSeconds: number;
}

const blockSeconds = 0.02;
const deadDb = -50;
const run = promisify(execFile);

/** Loudness, peak and dead silence of a sound file. */
export async function hearSound(file: string): Promise<HeardSound> {
  const filter = ["-af", "ebur128=peak=true:framelog=verbose"];
  const { stderr } = await run("ffmpeg", [
    "-nostdin",
    "-hide_banner",
    "-i",
    file,
    ...filter,
    "-f",
    "null",
    "-",
  ]);
  const raw = ["-nostdin", "-v", "error", "-i", file, "-ac", "1", "-ar", "48000", "-f", "f32le", "-"];
  const { stdout } = await run("ffmpeg", raw, { encoding: "buffer", maxBuffer: 1 << 28 });
  const pcm = new Float32Array(new Uint8Array(stdout).buffer);
  const size = blockSeconds * 48_000;
  let [dead, longest, current] = [0, 0, 0];
  const blocks = Math.floor(pcm.length / size);
  for (let block = 0; block < blocks; block++) {
    let power = 0;
    for (let i = block * size; i < (block + 1) * size; i++) power += (pcm[i] as number) ** 2;
    const isDead = 10 * Math.log10(power / size + 1e-12) < deadDb;
    if (isDead) dead++;
    // The silence at the end is no gap.
    else longest = Math.max(longest, current);
    current = isDead ? current + 1 : 0;
  }
  return {
    ...parseLoudness(stderr),
    seconds: pcm.length / 48_000,
    deadShare: dead / blocks,
    longestDeadSeconds: longest * blockSeconds,
  };
}
