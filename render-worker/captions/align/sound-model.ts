/**
 * The acoustic features of each kind of sound, for any language and voice. The kinds are those that level and
 * spectrum alone can tell apart. A word's spelling is turned into these kinds, and the recording is searched
 * for them.
 *
 *   a open vowel · i front vowel · u back vowel · @ weak vowel · N nasal · L liquid or glide ·
 *   S hiss (s, sh, end of ch) · F soft noise (f, th, h) · T voiceless stop · D voiced stop · "." silence
 */
export type Kind = "a" | "i" | "u" | "@" | "N" | "L" | "S" | "F" | "T" | "D" | ".";

export interface Shape {
  /** Per feature of `extractFeatures`, in dB. */
  mean: readonly number[];
  deviation: readonly number[];
  /** The usual length in frames, and the standard deviation of its logarithm. */
  frames: number;
  spread: number;
}

export type SoundModel = Readonly<Record<Kind, Shape>>;

/** True for the four kinds that are vowels. */
export const isVowel = (kind: string) => "aiu@".includes(kind);

/**
 * Fitted with `npm run bench -- captions --fit` to the sentences marked "fit" in tests/captions/truth.jsonl.
 */
export const soundModel: SoundModel = {
  a: {
    mean: [-4.6, 0.3, -9.4, -7.4, -8.4, -13.5, -20.6, -22, -35.7],
    deviation: [5.1, 12, 5.7, 3.9, 8.4, 8, 7, 5.9, 6.1],
    frames: 7,
    spread: 0.56,
  },
  i: {
    mean: [-5.5, -1.2, -5.3, -4.9, -27.3, -23, -17.5, -20.6, -34.5],
    deviation: [5.2, 11.5, 4.2, 4, 11.7, 11.3, 7.5, 8.1, 6.6],
    frames: 7.7,
    spread: 0.52,
  },
  u: {
    mean: [-5.5, -0.9, -6.7, -4.6, -15, -25.2, -25.9, -26.7, -35.4],
    deviation: [6, 12.5, 5, 3.9, 10.5, 11.2, 7.9, 7.5, 5.1],
    frames: 9,
    spread: 0.5,
  },
  "@": {
    mean: [-6.2, 2.5, -6, -4.3, -21.3, -16.8, -21.7, -22.8, -32.6],
    deviation: [4.1, 12.5, 4, 3.4, 9.6, 10.6, 7.5, 8, 7.2],
    frames: 5.1,
    spread: 0.5,
  },
  N: {
    mean: [-7.7, -3.3, -0.7, -11.5, -31.9, -31.7, -30.4, -32.4, -37.2],
    deviation: [6.3, 10.1, 2.5, 4.8, 9.4, 8.1, 7.2, 6.7, 4.2],
    frames: 7.5,
    spread: 0.58,
  },
  L: {
    mean: [-5.8, 0.9, -4.7, -4.4, -20.6, -26.5, -30.8, -32.2, -37.4],
    deviation: [5.4, 8.7, 3.7, 3.9, 9.8, 11.2, 8.1, 7.9, 4.3],
    frames: 7,
    spread: 0.63,
  },
  S: {
    mean: [-15.5, -1.2, -20.7, -23.1, -28.8, -25.9, -19.1, -9.8, -9.7],
    deviation: [6, 9.8, 13.3, 11.9, 9, 8.5, 8.9, 8.6, 11.9],
    frames: 8.8,
    spread: 0.47,
  },
  F: {
    mean: [-20.1, 4, -7.1, -11.4, -22.7, -21.1, -19.5, -18.5, -21.1],
    deviation: [7.5, 13.8, 9.9, 6.3, 9.8, 8.7, 9.3, 9.7, 12],
    frames: 4.4,
    spread: 0.55,
  },
  T: {
    mean: [-30.1, 3.3, -9.4, -10.5, -16.8, -15.6, -13.3, -12.8, -15.7],
    deviation: [13.2, 23, 7.5, 5.5, 8.1, 7.2, 7.2, 7.6, 10.6],
    frames: 5.6,
    spread: 0.54,
  },
  D: {
    mean: [-18, -0.8, -1.9, -11.9, -28.2, -26.4, -26.2, -26.7, -29.7],
    deviation: [8.7, 16.1, 2.9, 6.6, 10.1, 10.1, 10.6, 11.1, 10.8],
    frames: 4.2,
    spread: 0.54,
  },
  ".": {
    mean: [-44.8, -0.2, -6.3, -9.2, -12.5, -12.3, -11.6, -11.2, -12.4],
    deviation: [11.9, 16.2, 4.2, 3.3, 5.5, 4.7, 4.3, 4.4, 6.7],
    frames: 10.5,
    spread: 0.45,
  },
};
