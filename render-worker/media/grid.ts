import { framesPerSecond, leadInSeconds, sampleRate, tailSeconds } from "../../contract/film.ts";

/**
 * The grid that scenes lie on: 16 frames of picture are 25,600 samples of sound are 25 AAC frames, to the sample.
 * So the pictures and the sound of any number of scenes end together, with nothing to pad.
 */
export const gridFrames = 16;
export const aacFrameSamples = 1024;
export const aacFramesPerGridStep = 25;

/** The crossfade at the head of every scene but the first. */
export const fadeFrames = gridFrames;

/**
 * A key frame begins every so many frames, so that a longer scene can be cut into pieces of a stream: 8 s, a whole
 * number of grid steps.
 */
export const longestPieceFrames = 15 * gridFrames;

/** Frames of a scene whose voice lasts `voiceSeconds`: lead-in, voice and tail, rounded up to the grid. */
export function sceneFrames(voiceSeconds: number): number {
  const seconds = leadInSeconds + voiceSeconds + tailSeconds;
  // A hair below the next step is the same step: a float's last bit must not cost half a second.
  const steps = Math.ceil((seconds * framesPerSecond) / gridFrames - 1e-9);
  return Math.max(3, steps) * gridFrames;
}

export const framesToSeconds = (frames: number) => frames / framesPerSecond;

/** Samples at 48 kHz under `frames` frames; whole for any number of frames. */
export const framesToSamples = (frames: number) => (frames * sampleRate) / framesPerSecond;

/** AAC frames under a scene of `frames` frames. */
export const framesToAacFrames = (frames: number) => (frames / gridFrames) * aacFramesPerGridStep;
