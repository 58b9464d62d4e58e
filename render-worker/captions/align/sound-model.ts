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

/** Fitted by `npm run bench -- captions --fit` on the sentences marked "fit" in tests/captions/truth.jsonl. */
export const soundModel: SoundModel = {
  a: {
    mean: [-5.1, 0.4, -9.6, -7.5, -8.4, -13, -20.2, -21.5, -35.4],
    deviation: [5.9, 12.6, 5.7, 3.9, 8.5, 7.5, 7.1, 6, 6.6],
    frames: 6.6,
    spread: 0.62,
  },
  i: {
    mean: [-5.6, -1.2, -5.3, -5, -27.4, -23.1, -17.4, -20.5, -34.4],
    deviation: [5.4, 11.6, 4.2, 4, 11.7, 11.4, 7.6, 8.1, 6.6],
    frames: 7.8,
    spread: 0.53,
  },
  u: {
    mean: [-5.7, -0.9, -6.7, -4.6, -14.9, -25.2, -25.9, -26.7, -35.3],
    deviation: [6.1, 12.7, 5, 3.9, 10.5, 11.2, 7.9, 7.5, 5.2],
    frames: 8.9,
    spread: 0.5,
  },
  "@": {
    mean: [-6.4, 2.4, -6, -4.3, -21.4, -16.8, -21.7, -22.7, -32.5],
    deviation: [4.3, 12.6, 4, 3.5, 9.6, 10.7, 7.5, 8.1, 7.2],
    frames: 5.1,
    spread: 0.5,
  },
  N: {
    mean: [-7.6, -3.2, -0.7, -11.4, -31.6, -31.6, -30.3, -32.2, -37.1],
    deviation: [6.3, 10, 2.5, 4.8, 9.6, 8.2, 7.3, 6.7, 4.3],
    frames: 7.7,
    spread: 0.59,
  },
  L: {
    mean: [-5.8, 0.8, -4.8, -4.3, -20.3, -26.2, -30.5, -31.9, -37.4],
    deviation: [5.4, 8.7, 3.8, 3.9, 9.7, 11.2, 8.2, 8, 4.4],
    frames: 7.2,
    spread: 0.64,
  },
  S: {
    mean: [-15.6, -1.2, -20.8, -23.2, -28.8, -26, -19.1, -9.8, -9.3],
    deviation: [6.1, 9.8, 13.3, 11.9, 9.1, 8.5, 8.9, 8.6, 11.4],
    frames: 8.6,
    spread: 0.48,
  },
  F: {
    mean: [-19.9, 4, -7.2, -11.5, -22.9, -21.2, -19.5, -18.6, -21.2],
    deviation: [7.5, 14.2, 10.1, 6.4, 9.7, 8.5, 9.3, 9.6, 12.1],
    frames: 4.1,
    spread: 0.55,
  },
  T: {
    mean: [-30.3, 4, -9.6, -10.5, -16.6, -15.3, -13, -12.4, -15.1],
    deviation: [13.2, 22.5, 7.4, 5.4, 7.9, 7, 7, 7.3, 10.4],
    frames: 5.7,
    spread: 0.53,
  },
  D: {
    mean: [-17.9, -1, -1.9, -12, -28.3, -26.5, -26.3, -26.9, -29.8],
    deviation: [8.8, 16.2, 2.9, 6.7, 10.1, 10.1, 10.6, 11.1, 10.7],
    frames: 4.2,
    spread: 0.54,
  },
  ".": {
    mean: [-45.1, -0.3, -6.3, -9.2, -12.5, -12.2, -11.6, -11.1, -12.2],
    deviation: [11.8, 16.1, 4.1, 3.2, 5.5, 4.7, 4.3, 4.3, 6.5],
    frames: 10.5,
    spread: 0.45,
  },
};
