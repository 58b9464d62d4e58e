/**
 * What a speaker's sounds look like, by kind, in any language and voice: the kinds that can be told apart by level
 * and spectrum alone. Spelling is turned into these kinds and the recording is searched for them.
 *
 *   a open vowel · i front vowel · u back vowel · @ weak vowel · N nasal · L liquid or glide ·
 *   S hiss (s, sh, end of ch) · F soft noise (f, th, h) · T voiceless stop · D voiced stop · "." silence
 */
export type Kind = "a" | "i" | "u" | "@" | "N" | "L" | "S" | "F" | "T" | "D" | ".";

export interface Shape {
  /** Per feature of `hearFrames`, in dB. */
  mean: readonly number[];
  deviation: readonly number[];
  /** Usual length in frames, and the standard deviation of its logarithm. */
  frames: number;
  spread: number;
}

export type SoundModel = Readonly<Record<Kind, Shape>>;

export const isVowel = (kind: string) => "aiu@".includes(kind);

/** Fitted by `node bench/captions.ts --fit` on the sentences marked "fit" in tests/captions/truth.json. */
export const soundModel: SoundModel = {
  a: {
    mean: [-5.1, 0.7, -9.4, -7, -9.2, -13.4, -20.4, -21.3, -34.4],
    deviation: [6.1, 12.1, 5.7, 4.2, 9, 7.5, 6.9, 5.8, 7.5],
    frames: 7.1,
    spread: 0.78,
  },
  i: {
    mean: [-5.9, -1.3, -5.3, -5, -26.8, -23.4, -18.2, -20.8, -33.7],
    deviation: [5.9, 12.2, 4.2, 4.3, 11.9, 11.2, 7.6, 7.8, 6.8],
    frames: 7.7,
    spread: 0.63,
  },
  u: {
    mean: [-6, -1.2, -6.7, -4.9, -15.9, -24.7, -25.4, -26.2, -34.6],
    deviation: [6.7, 13.4, 5.3, 4.3, 11.4, 11.1, 8, 7.4, 6],
    frames: 8.7,
    spread: 0.6,
  },
  "@": {
    mean: [-6.8, 2.3, -5.6, -4.5, -21.5, -17.9, -22.7, -23.2, -32],
    deviation: [5.6, 12.9, 4, 3.5, 9.8, 10.7, 7.3, 7.7, 7.1],
    frames: 5.3,
    spread: 0.58,
  },
  N: {
    mean: [-7.1, -3, -0.8, -11.6, -32, -32.6, -31.1, -33.1, -37.1],
    deviation: [6.6, 10.6, 2.5, 5, 9.2, 7.7, 7.5, 6.8, 4.6],
    frames: 7.9,
    spread: 0.66,
  },
  L: {
    mean: [-5.4, 0.7, -4.1, -5, -20.3, -26.8, -31.3, -32.9, -37.7],
    deviation: [5.1, 8.5, 3.4, 4.5, 10, 10.7, 7.7, 7, 3.9],
    frames: 7.6,
    spread: 0.79,
  },
  S: {
    mean: [-15.3, -1.5, -21.7, -24.2, -29.2, -26.4, -20.2, -10.3, -6.8],
    deviation: [6.5, 10.5, 13.3, 11.2, 8.5, 8.2, 9, 8.9, 8.2],
    frames: 9.3,
    spread: 0.47,
  },
  F: {
    mean: [-22, 3.2, -8.8, -12, -21.2, -19.8, -17.7, -16.3, -16.5],
    deviation: [8.4, 15.2, 10.5, 6.6, 9.2, 8.3, 9, 9.5, 10.9],
    frames: 3.9,
    spread: 0.72,
  },
  T: {
    mean: [-29.7, 4.4, -10.1, -10.6, -16.9, -15.3, -13, -12.1, -13.5],
    deviation: [13.5, 22.3, 7.9, 5.5, 8.1, 7.2, 6.8, 7, 9],
    frames: 5.8,
    spread: 0.64,
  },
  D: {
    mean: [-17, -1.2, -2.1, -12.2, -28.5, -27.3, -26.6, -26.9, -29.7],
    deviation: [9, 16, 3.9, 6.8, 10.2, 10.2, 10.7, 11.3, 10.9],
    frames: 4.2,
    spread: 0.63,
  },
  ".": {
    mean: [-47.2, -0.2, -6, -9.2, -11.8, -11.6, -11.4, -11, -11],
    deviation: [10.9, 15.8, 3.7, 2.7, 4.7, 4.1, 4, 4, 5.1],
    frames: 10,
    spread: 0.45,
  },
};
