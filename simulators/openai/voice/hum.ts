import { speechRate } from "./rate.ts";

/** A quiet hum, about as long as the spoken text: three characters per second, from one second to ten. */
export function hum(text: string, speed: number): Float32Array {
  const signs = [...new Intl.Segmenter("und", { granularity: "grapheme" }).segment(text.trim())].length;
  const seconds = Math.min(10, Math.max(1, signs / 3)) / speed;
  return Float32Array.from({ length: Math.round(seconds * speechRate) }, (_, i) => {
    const at = i / speechRate;
    const fade = Math.min(1, at / 0.3, (seconds - at) / 0.3);
    return 0.1 * fade * (Math.sin(2 * Math.PI * 110 * at) + 0.4 * Math.sin(2 * Math.PI * 165 * at));
  });
}
