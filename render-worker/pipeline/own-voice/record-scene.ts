/** The sound and the captions of a scene that the dreamer's own recordings narrate. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sampleRate } from "../../../contract/film.ts";
import type { TimedWord } from "../../captions/timed-word.ts";
import { Rejected } from "../../errors.ts";
import { decodeVoice } from "../../media/decode-voice.ts";
import type { Span } from "../../media/own-voice/find-silences.ts";
import { shortenPauses, storyPauseSeconds } from "../../media/own-voice/shorten-pauses.ts";
import { writeFloatWav } from "../../media/own-voice/write-float-wav.ts";
import { hashOf } from "../../purchases/fingerprint.ts";
import type { FilmContext } from "../film-context.ts";
import type { OwnNarration, OwnPart, OwnVoice, PlacedWord, Placement } from "../own-narration.ts";
import type { SceneVoice } from "../scene-voice.ts";
import { findSpeech } from "../voice/find-speech.ts";

/** A part of a recording that a scene plays. */
interface Clip extends Span {
  part: number;
}

/**
 * The scene's narration, cut from the recordings: long pauses are shortened, and the captions show each word
 * when it is heard.
 *
 * @throws Rejected `voice.not_in_recording` if nothing of the scene's text is heard
 */
export async function recordScene(
  index: number,
  { own, placement }: OwnNarration,
  { folder, job, signal, progress, encoders }: FilmContext,
): Promise<SceneVoice> {
  const words = placement.words.filter(({ scene }) => scene === index);
  if (words.length === 0)
    throw new Rejected(
      "voice.not_in_recording",
      `Nothing of the text of scene ${index + 1} is heard in the recordings.`,
    );
  if (placement.reworded.has(index))
    progress.warn(
      "voice.own_words",
      `A part of the text of scene ${index + 1} is not what the recording says. The captions show what is said.`,
      index,
    );
  const { speed } = job.options;
  const clips = clipsOf(index, placement, own);
  const file = join(folder, `own-${index}.wav`);
  await writeFile(file, writeFloatWav(joinClips(clips, own.parts), sampleRate));
  const sound = await encoders.run(signal, () =>
    decodeVoice(file, join(folder, `own-${index}.f32`), signal, speed),
  );
  const timed = timeWords(words, clips, speed);
  return {
    key: `own-${hashOf({ recordings: own.key, clips, speed })}`,
    model: null,
    reused: false,
    words: timed,
    speech: findSpeech(sound, timed),
    sound: { ...sound, file: async () => sound.file },
  };
}

/** What the scene plays, in order: from the pause before its first word to the pause after its last. */
function clipsOf(index: number, { words, deleted }: Placement, { parts }: OwnVoice): Clip[] {
  const own = words.filter(({ scene }) => scene === index);
  const [first, last] = [own[0] as PlacedWord, own.at(-1) as PlacedWord];
  const before = words.findLast(({ scene }) => scene < index);
  const after = words.find(({ scene }) => scene > index);
  const clips: Clip[] = [];
  for (let part = first.part; part <= last.part; part++) {
    const { silences, seconds } = parts[part] as OwnPart;
    const startSeconds =
      part === first.part && before?.part === part ? cutBetween(before, first, silences) : 0;
    const endSeconds =
      part === last.part && after?.part === part ? cutBetween(last, after, silences) : seconds;
    const here = own.filter((word) => word.part === part);
    const left = deleted
      .map((run) => run.filter((word) => word.part === part))
      .flatMap((run) => (run.length > 0 ? [leaveOut(run, here)] : []));
    const kept = shortenPauses({ startSeconds, endSeconds }, here, silences, left);
    clips.push(...kept.map((span) => ({ ...span, part })));
  }
  return clips;
}

/** Between two words: in the middle of the longest silence, else in the middle. */
function cutBetween(before: Span, next: Span, silences: readonly Span[]): number {
  const gap = { startSeconds: before.endSeconds, endSeconds: Math.max(before.endSeconds, next.startSeconds) };
  const free = silences
    .map(({ startSeconds, endSeconds }) => ({
      startSeconds: Math.max(startSeconds, gap.startSeconds),
      endSeconds: Math.min(endSeconds, gap.endSeconds),
    }))
    .filter((span) => span.endSeconds > span.startSeconds)
    .sort((a, b) => b.endSeconds - b.startSeconds - (a.endSeconds - a.startSeconds));
  const { startSeconds, endSeconds } = free[0] ?? gap;
  return (startSeconds + endSeconds) / 2;
}

/** Deleted words with half of the pauses around them, but nothing of a word that stays. */
function leaveOut(run: readonly Span[], words: readonly Span[]): Span {
  const [first, last] = [run[0] as Span, run.at(-1) as Span];
  const before = words.findLast((word) => word.endSeconds <= first.startSeconds + 1e-6);
  const after = words.find((word) => word.startSeconds >= last.endSeconds - 1e-6);
  return {
    startSeconds: before ? (before.endSeconds + first.startSeconds) / 2 : first.startSeconds,
    endSeconds: after ? (last.endSeconds + after.startSeconds) / 2 : last.endSeconds,
  };
}

const joinFadeSeconds = 0.005;

/** The clips one after another; each fades at its cuts, and between two recordings lies a pause. */
function joinClips(clips: readonly Clip[], parts: readonly OwnPart[]): Float32Array {
  const joined = new Float32Array(Math.round(lengthOf(clips) * sampleRate));
  let at = 0;
  for (const [i, clip] of clips.entries()) {
    at += Math.round(pauseBefore(clips, i) * sampleRate);
    const { samples } = parts[clip.part] as OwnPart;
    const from = Math.round(clip.startSeconds * sampleRate);
    const sound = samples.slice(from, from + Math.round((clip.endSeconds - clip.startSeconds) * sampleRate));
    fadeEdges(sound);
    joined.set(sound.subarray(0, joined.length - at), at);
    at += sound.length;
  }
  return joined;
}

function fadeEdges(sound: Float32Array): void {
  const fade = Math.min(Math.round(joinFadeSeconds * sampleRate), sound.length >> 1);
  for (let i = 0; i < fade; i++) {
    sound[i] = ((sound[i] as number) * i) / fade;
    sound[sound.length - 1 - i] = ((sound[sound.length - 1 - i] as number) * i) / fade;
  }
}

const pauseBefore = (clips: readonly Clip[], i: number) =>
  i > 0 && clips[i]?.part !== clips[i - 1]?.part ? storyPauseSeconds : 0;

const lengthOf = (clips: readonly Clip[]) =>
  clips.reduce(
    (sum, { startSeconds, endSeconds }, i) => sum + pauseBefore(clips, i) + endSeconds - startSeconds,
    0,
  );

/** The words with times in the scene's sound. */
function timeWords(words: readonly PlacedWord[], clips: readonly Clip[], speed: number): TimedWord[] {
  return words.map(({ text, joinsNext, part, startSeconds, endSeconds }) => ({
    text,
    ...(joinsNext === undefined ? {} : { joinsNext }),
    startSeconds: toScene(part, startSeconds, clips) / speed,
    endSeconds: toScene(part, endSeconds, clips) / speed,
  }));
}

/** The time in the scene of a time in a recording; of a time that is left out, the place of the cut. */
function toScene(part: number, seconds: number, clips: readonly Clip[]): number {
  let at = 0;
  for (const [i, clip] of clips.entries()) {
    at += pauseBefore(clips, i);
    const isBefore = part < clip.part || (part === clip.part && seconds < clip.startSeconds);
    if (isBefore) return at;
    if (part === clip.part && seconds <= clip.endSeconds) return at + seconds - clip.startSeconds;
    at += clip.endSeconds - clip.startSeconds;
  }
  return at;
}
