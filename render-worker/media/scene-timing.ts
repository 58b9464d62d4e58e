import { endSeconds, framesPerSecond, leadInSeconds, pauseSeconds } from "../../contract/film.ts";
import { gridFrames } from "./grid.ts";

/** The silence that belongs to a scene, before and after its voice, in seconds. */
export interface Pause {
  least: number;
  usual: number;
  most: number;
}

const pause = (usual: number): Pause => ({ least: 0.4, usual, most: 0.9 });
const pauses = {
  clause: pause(0.5),
  sentence: pause(pauseSeconds),
  thought: pause(0.8),
  end: { least: leadInSeconds + 1.5, usual: leadInSeconds + endSeconds, most: leadInSeconds + 2 },
};

const closingMarks = /["'”’»)\]\s]+$/u;

/**
 * The silence around the voice that says `narration`: short where the sentence goes on in the next scene,
 * longer after a question or a thought that trails off, longest at the end of the film.
 */
export function pauseAfter(narration: string, isLast: boolean): Pause {
  if (isLast) return pauses.end;
  const text = narration.replace(closingMarks, "");
  if (/[…?？؟]$|\.\.\.$/u.test(text)) return pauses.thought;
  return /[.!。！।۔]$/u.test(text) ? pauses.sentence : pauses.clause;
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
 * The frames of a scene whose voice lasts `voiceSeconds`. Scenes have whole grid steps of 0.53 s, so the pause
 * cannot always be the usual one: the scene gets the nearest number of steps, and the voice's tempo is bent a
 * little where the pause would differ much. The pause is never shorter than `pause.least`.
 *
 * @param mayBend false keeps the voice's tempo, as for a person's recording
 */
export function timeScene(voiceSeconds: number, pause: Pause = pauses.sentence, mayBend = true): SceneTiming {
  const stepSeconds = gridFrames / framesPerSecond;
  const bend = mayBend ? largestBend : 0;
  const stepsOf = (seconds: number) => seconds / stepSeconds;
  // Without the tolerance a float's last bit could cost a step.
  const fewest = Math.ceil(stepsOf(voiceSeconds / (1 + bend) + pause.least) - 1e-9);
  const most = Math.floor(stepsOf(voiceSeconds / (1 - bend) + pause.most) + 1e-9);
  const nearest = Math.round(stepsOf(voiceSeconds + pause.usual));
  const steps = Math.max(fewestSteps, fewest, Math.min(most, nearest));
  const frames = steps * gridFrames;
  if (!mayBend || voiceSeconds <= 0) return { frames, tempo: 1 };
  const spare = steps * stepSeconds - voiceSeconds;
  const shortest = Math.max(pause.least, pause.usual - pauseTolerance);
  const longest = Math.min(pause.most, pause.usual + pauseTolerance);
  const wanted = Math.min(longest, Math.max(shortest, spare));
  const tempo = voiceSeconds / Math.max(0.1, steps * stepSeconds - wanted);
  return { frames, tempo: Math.min(1 + largestBend, Math.max(1 - largestBend, tempo)) };
}
