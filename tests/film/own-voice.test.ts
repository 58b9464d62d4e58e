/**
 * The recordings of a dream as the narration of its film: joined, cut by scene, in two languages, corrected.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { FilmOptions, leadInSeconds, sampleRate } from "../../contract/film.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { joinWords } from "../../render-worker/captions/timed-word.ts";
import { Slots } from "../../render-worker/flow/slots.ts";
import { framesToSeconds } from "../../render-worker/media/grid.ts";
import { normaliseRecording } from "../../render-worker/media/normalise-recording.ts";
import type { FilmContext } from "../../render-worker/pipeline/film-context.ts";
import { openRecordings } from "../../render-worker/pipeline/own-voice/open-recordings.ts";
import { placeStoryboard, placeText } from "../../render-worker/pipeline/own-voice/place-storyboard.ts";
import { quoteScenes } from "../../render-worker/pipeline/own-voice/quote-scenes.ts";
import { recordScene } from "../../render-worker/pipeline/own-voice/record-scene.ts";
import { prepareVoice } from "../../render-worker/pipeline/prepare-voice.ts";
import { Progress } from "../../render-worker/pipeline/progress.ts";
import type { SceneVoice } from "../../render-worker/pipeline/scene-voice.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import { engines, speakTruth, truths } from "../captions/speak-truth.ts";
import { createFakeLedger } from "../fakes/fake-ledger.ts";
import { createFakeStorage, type FakeStorage } from "../fakes/fake-storage.ts";
import { type HesitantSpeech, speakHesitantly, toWav } from "../telling/hesitant-speech.ts";
import { hearSound, makeSoundtrack } from "./make-soundtrack.ts";

const { signal } = new AbortController();
const secondsOf = (voice: SceneVoice | undefined) => (voice?.sound?.samples ?? 0) / sampleRate;
const german = truths.find(
  ({ engine, language, text }) =>
    engine === "espeak-ng" && language === "de" && text.startsWith("Niemand sprach."),
);
let folder: string;
let store: FakeStorage;
let english: HesitantSpeech;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dreamreel-own-"));
  store = createFakeStorage(folder);
  english = await speakHesitantly([
    ...([0.5, "breath", { sentence: "sense-and-sensibility-0880" }, 0.2, { um: "um" }, 0.3] as const),
    ...([{ sentence: "sense-and-sensibility-0890" }, 2.2] as const),
  ]);
  await keep("en", english.wav);
  if (german) {
    const { pcm, sampleRate } = await speakTruth(german);
    await keep("de", toWav(pcm, sampleRate));
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** Stores a recording as the worker that transcribes it does. */
async function keep(key: string, wav: Buffer): Promise<void> {
  const file = join(folder, `uploaded-${key}`);
  await writeFile(file, wav);
  const { file: path } = await normaliseRecording(file, `${file}.ogg`, signal);
  await store.storage.putFile(key, path, "audio/ogg", signal);
}

const misheard = () => english.text.replace("selfish", "shellfish");

/** An attempt at a film of the two recordings. */
function attempt(transcript: string, options: z.input<typeof FilmOptions>, chain: readonly string[] = []) {
  const progress = new Progress(() => {});
  const recordings = [
    { key: "en", seconds: english.seconds, language: "en", transcript: english.text, heard: misheard() },
    { key: "de", seconds: 4, language: "de", transcript: german?.text ?? "", heard: null },
  ];
  const providers = { voices: chain.map((kind) => ({ kind })) };
  const ports = createFakeLedger().ports(store.storage, signal);
  const context = {
    ...ports,
    ...{ folder, progress, signal, storage: store.storage, encoders: new Slots(2), providers },
    assets: createAssetStore(ports, "o", folder, signal),
    job: { dream: { title: null, transcript }, options: FilmOptions.parse(options), recordings },
  } as unknown as FilmContext;
  return { context, warnings: () => progress.snapshot.warnings.map(({ code }) => code) };
}

/** The scenes of a film whose text model answers with `narrations`; those of `redo` have other text later. */
async function film(
  transcript: string,
  narrations: string[],
  { redo = {}, ...options }: z.input<typeof FilmOptions> & { redo?: Record<number, string> } = {},
) {
  const { context, warnings } = attempt(transcript, { voice: "own", ...options });
  const own = await openRecordings(context);
  if (!own) throw new Error("no recordings");
  const scenes = narrations.map((narration) => ({ narration, picture: "p", picture_take: 0, voice_take: 0 }));
  const asked: Storyboard = { title: "", language: "en", scenes };
  const storyboard = quoteScenes(asked, placeText(transcript, own).words, own.language);
  const changed = storyboard.scenes.map((scene, i) => ({ ...scene, narration: redo[i] ?? scene.narration }));
  const narration = placeStoryboard({ ...storyboard, scenes: changed }, own);
  const voices = await Promise.all(storyboard.scenes.map((_, i) => recordScene(i, narration, context)));
  return { storyboard, voices, warnings: warnings(), context: { ...context, narration } };
}

describe.runIf(engines["espeak-ng"] && german)("two recordings in two languages", () => {
  const [first, second] = ["He was not an ill disposed young man,", "unless to be rather cold hearted"];
  let asTold: Awaited<ReturnType<typeof film>>;
  beforeAll(async () => {
    asTold = await film(`${english.text}\n\n${german?.text}`, [first, second, german?.text ?? ""]);
  });

  it("are quoted whole, each aligned in its language, with the owner's correction", async () => {
    const text = `${english.text}\n\n${german?.text}`;
    const { storyboard, voices, warnings } = asTold;
    expect(storyboard.scenes.map(({ narration }) => narration).join(" ")).toBe(text.replace("\n\n", " "));
    const shown = voices.map(({ words }) => joinWords(words));
    expect([shown, warnings]).toEqual([storyboard.scenes.map(({ narration }) => narration), []]);
    expect(shown[1]).toContain("rather selfish is");
    // The pause of 2.2 s after the English part is gone; half of the other recording's edges are trimmed.
    const seconds = voices.map(secondsOf);
    expect((seconds[0] ?? 0) + (seconds[1] ?? 0)).toBeLessThan(english.seconds - 2.4);
    const inGerman = voices[2]?.words ?? [];
    const errors = inGerman.map(({ startSeconds }, i) => startSeconds * 1000 - (german?.starts[i]?.[1] ?? 0));
    const usual = [...errors].sort((a, b) => a - b)[errors.length >> 1] ?? 0;
    const off = errors.map((error) => Math.abs(error - usual)).sort((a, b) => a - b);
    expect(off[Math.floor(off.length * 0.9)]).toBeLessThan(80);
  });

  // Without a gain for what the limiter takes, the film had -16.6 LUFS.
  it("are as loud with an ambience as without, which fills the pauses", async () => {
    const text = `${english.text}\n\n${german?.text}`;
    for (const ambience of [false, true]) {
      const made = ambience ? await film(text, [first, second, german?.text ?? ""], { ambience }) : asTold;
      const { storyboard, context } = made;
      const voices = await Promise.all(storyboard.scenes.map((_, i) => prepareVoice(storyboard, i, context)));
      const sound = await hearSound(await makeSoundtrack({ storyboard, voices, context, seconds: 0 }));
      expect(Math.abs(sound.integratedLufs + 16), `ambience ${ambience}`).toBeLessThanOrEqual(0.5);
      expect(sound.truePeakDb).toBeLessThanOrEqual(-1.5);
      // A breath and an "um" between sentences stay; what is silent is as long as between other voices.
      expect(sound.longestDeadSeconds).toBeLessThan(ambience ? 0.3 : 0.95);
      const { frames, words } = voices.at(-1) as (typeof voices)[number];
      const end = framesToSeconds(frames) - leadInSeconds - (words.at(-1)?.endSeconds ?? 0);
      expect(end).toBeGreaterThanOrEqual(1.5);
      expect(end).toBeLessThan(2.1);
    }
  });

  it("are played faster or slower with all their words, under another key", async () => {
    const texts = [first, second, german?.text ?? ""];
    const text = `${english.text}\n\n${german?.text}`;
    const slow = await film(text, texts, { speed: 0.8 });
    for (const [i, voice] of asTold.voices.entries()) {
      expect(secondsOf(slow.voices[i])).toBeCloseTo(secondsOf(voice) / 0.8, 1);
      expect(slow.voices[i]?.words.at(-1)?.startSeconds).toBeCloseTo(
        (voice.words.at(-1)?.startSeconds ?? 0) / 0.8,
        5,
      );
      expect(slow.voices[i]?.key).not.toBe(voice.key);
    }
  });

  it("are captioned anew by a redo where it corrects what is heard, and as heard where it says something else", async () => {
    const narrations = [first, second, german?.text ?? ""];
    const text = `${english.text}\n\n${german?.text}`;
    const heard = (i: number) => joinWords(asTold.voices[i]?.words ?? []);
    const fixed = await film(text, narrations, { redo: { 0: "He was not an ill-disposed young man!" } });
    expect(joinWords(fixed.voices[0]?.words ?? [])).toBe("He was not an ill-disposed young man!");
    expect(fixed.warnings).toEqual([]);
    const other = await film(text, narrations, {
      redo: { 0: "Once upon a time there lived a king whose daughters never laughed." },
    });
    expect([joinWords(other.voices[0]?.words ?? []), other.warnings]).toEqual([
      heard(0),
      ["voice.own_words"],
    ]);
    for (const i of [1, 2]) expect(other.voices[i]?.key).toBe(asTold.voices[i]?.key);
  });

  it("lose a sentence that the owner deleted from the text, and only that", async () => {
    const [whole, cut] = [
      await film(`${english.text}\n\n${german?.text}`, [english.text, german?.text ?? ""]),
      await film(`${first}\n\n${german?.text}`, [first, german?.text ?? ""]),
    ];
    expect(joinWords(cut.voices[0]?.words ?? [])).toBe(first);
    expect(secondsOf(cut.voices[0])).toBeLessThan(secondsOf(whole.voices[0]) - 4);
    expect(cut.voices[1]?.key).toBe(whole.voices[1]?.key);
  });
});

it("narrates every told dream where it is the first of the chain, and no other", async () => {
  const isOpen = async (options: object, chain: string[]) =>
    (await openRecordings(attempt("x", options, chain).context)) !== null;
  expect(await isOpen({}, ["own", "realtime"])).toBe(true);
  expect(await isOpen({}, ["realtime"])).toBe(false);
  const { context } = attempt("x", { voice: "own" }, ["realtime"]);
  Object.assign(context.job, { recordings: [] });
  await expect(openRecordings(context)).rejects.toMatchObject({ code: "voice.no_recording" });
});

it("leaves the film to the next voice of the chain, with a warning, where a recording is gone", async () => {
  const { context, warnings } = attempt("x", {}, ["own", "realtime"]);
  Object.assign(context.job.recordings[0] as object, { key: "gone" });
  expect([await openRecordings(context), warnings()]).toEqual([null, ["voice.recording_missing"]]);
});

it("ends before anything is bought where a recording is gone", async () => {
  store.objects.delete("de");
  await expect(film("I flew.", ["I flew."])).rejects.toMatchObject({ code: "voice.recording_missing" });
});
