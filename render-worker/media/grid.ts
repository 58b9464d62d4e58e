import { endCardSeconds, framesPerSecond, sampleRate } from "../../contract/film.ts";

/**
 * The grid of scenes: 16 frames of picture are exactly 25,600 samples of sound and 25 AAC frames. So the
 * pictures and the sound of any number of scenes end together, without padding.
 */
export const gridFrames = 16;
export const aacFrameSamples = 1024;
export const aacFramesPerGridStep = 25;

/** The length of the crossfade at the start of every scene but the first. */
export const fadeFrames = gridFrames;

/** The film's last picture fades to black over so many frames; then so many frames are black. */
export const closingFadeFrames = 24;
export const blackFrames = 8;
/** A film with an end card is black for so many frames more, under the card. */
export const cardFrames = Math.round(endCardSeconds * framesPerSecond);

/** The longest piece of a stream: 8 s, a whole number of grid steps. */
export const longestPieceFrames = 15 * gridFrames;

/**
 * The distance between a scene's key frames, at which it is cut into pieces of a stream. The pieces of a
 * longer scene are about equal: a short rest would cost a key frame and have a high bit rate.
 */
export const keyFrameDistance = (frames: number): number =>
  frames <= longestPieceFrames
    ? longestPieceFrames
    : gridFrames * Math.ceil(frames / gridFrames / Math.ceil(frames / longestPieceFrames));

/** The duration of `frames` frames of picture. */
export const framesToSeconds = (frames: number) => frames / framesPerSecond;

/** Samples at 48 kHz under `frames` frames; an integer for any number of frames. */
export const framesToSamples = (frames: number) => (frames * sampleRate) / framesPerSecond;

/** AAC frames under a scene of `frames` frames. */
export const framesToAacFrames = (frames: number) => (frames / gridFrames) * aacFramesPerGridStep;
