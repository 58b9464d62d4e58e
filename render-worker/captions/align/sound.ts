/**
 * Kinds of speech sound that can be told apart by level and spectrum alone, in any language:
 * a open vowel · i front vowel · u back vowel · @ weak vowel · N nasal · L liquid or glide · S hiss (s, sh, ch's end) ·
 * F soft noise (f, th, v, h) · T voiceless stop · D voiced stop.
 */
export type Sound = "a" | "i" | "u" | "@" | "N" | "L" | "S" | "F" | "T" | "D";

export const soundKinds: readonly Sound[] = ["a", "i", "u", "@", "N", "L", "S", "F", "T", "D"];

export const isVowel = (sound: Sound) => sound === "a" || sound === "i" || sound === "u" || sound === "@";
