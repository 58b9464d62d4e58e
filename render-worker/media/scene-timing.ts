import { pauseOf } from "../../contract/breath.ts";
import { endSeconds, framesPerSecond, leadInSeconds, pauseSeconds } from "../../contract/film.ts";
import { gridFrames } from "./grid.ts";

/** The silence that belongs to a scene, before and after its voice, in seconds. */
export interface Pause {
  least: number;
  usual: number;
  most: number;
}

const shortestPause = 0.4;
const longestPause = 0.9;
const usualAfter = { clause: 0.5, sentence: pauseSeconds, thought: 0.8 };
/** Half a step of the grid, to either side of what a lingering scene wants. */
const halfStep = gridFrames / framesPerSecond / 2;

const closingMarks = /["'”’»)\]\s]+$/u;

/**
 * The silence around the voice that says `narration`: short where the sentence goes on in the next scene,
 * longer after a question or a thought that trails off, longest at the end of the film.
 *
 * @param scene `breath`: how far the film stretches, as in contract/breath.ts. `silentSeconds`: silence
 * within the voice's sound, at its edges, which is a part of the pause
 */
export function pauseAfter(
  narration: string,
  {
    isLast = false,
    breath = 0,
    silentSeconds = 0,
  }: { isLast?: boolean; breath?: number; silentSeconds?: number },
): Pause {
  const usual = pauseOf(breath, usualAfter[endingOf(narration)]);
  const pause = isLast
    ? { least: leadInSeconds + 1.5, usual: leadInSeconds + endSeconds, most: leadInSeconds + 2 }
    : { least: shortestPause, usual, most: breath > 1 ? usual + halfStep : longestPause };
  // A voice's sound has to end within its scene.
  const least = Math.max(leadInSeconds, pause.least - silentSeconds);
  return {
    least,
    usual: Math.max(least, pause.usual - silentSeconds),
    most: Math.max(least, pause.most - silentSeconds),
  };
}

function endingOf(narration: string): keyof typeof usualAfter {
  const text = narration.replace(closingMarks, "");
  if (/[…?？؟]$|\.\.\.$/u.test(text)) return "thought";
  return /[.!。！।۔]$/u.test(text) ? "sentence" : "clause";
}

/** A scene on the grid. */
export interface SceneTiming {
  /** A multiple of 16. */
  frames: number;
  /** The voice's tempo, as a factor on its own. */
  tempo: number;
}

const fewestSteps = 3;
/** A pause that differs less than this from the usual one needs no other tempo. */
const pauseTolerance = 0.15;
/** Listeners do not notice a change of tempo this small. */
const largestBend = 0.04;

/**
 * The frames of a scene whose voice lasts `ownSeconds` at its own tempo. Scenes have whole grid steps of 0.53
 * s, so the pause cannot always be the usual one: the scene gets the nearest number of steps, and the voice's
 * tempo is bent a little where the pause would differ much. The pause is never shorter than `pause.least`.
 *
 * @param tempo the voice's tempo before it is bent; null keeps that of a person's recording
 */
export function timeScene(
  ownSeconds: number,
  pause: Pause = pauseAfter(".", {}),
  tempo: number | null = 1,
): SceneTiming {
  const voiceSeconds = ownSeconds / (tempo ?? 1);
  const bend = tempo === null ? 0 : largestBend;
  const stepSeconds = gridFrames / framesPerSecond;
  const stepsOf = (seconds: number) => seconds / stepSeconds;
  // Without the tolerance a float's last bit could cost a step.
  const fewest = Math.ceil(stepsOf(voiceSeconds / (1 + bend) + pause.least) - 1e-9);
  const most = Math.floor(stepsOf(voiceSeconds / (1 - bend) + pause.most) + 1e-9);
  const nearest = Math.round(stepsOf(voiceSeconds + pause.usual));
  const steps = Math.max(fewestSteps, fewest, Math.min(most, nearest));
  const frames = steps * gridFrames;
  if (tempo === null || voiceSeconds <= 0) return { frames, tempo: 1 };
  const spare = steps * stepSeconds - voiceSeconds;
  const shortest = Math.max(pause.least, pause.usual - pauseTolerance);
  const longest = Math.min(pause.most, pause.usual + pauseTolerance);
  const wanted = Math.min(longest, Math.max(shortest, spare));
  const bent = voiceSeconds / Math.max(0.1, steps * stepSeconds - wanted);
  return { frames, tempo: tempo * Math.min(1 + bend, Math.max(1 - bend, bent)) };
}
