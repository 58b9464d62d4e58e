/**
 * Recognises the simulator's own speech after it was recorded, encoded anew, or mixed with music: by the
 * shape of its loudness over time. Other speech is not recognised.
 */

const framesPerSecond = 25;
const most = 500;
const spoken: { text: string; shape: Float32Array }[] = [];

/** How alike two shapes must be, from -1 to 1. */
const leastLikeness = 0.6;
/** The share of the shorter sound that must overlap with the longer one. */
const leastOverlap = 0.8;

/** Stores what a sound says. `samples` are of any scale. */
export function rememberShape(samples: ArrayLike<number>, rate: number, text: string): void {
  if (spoken.length >= most) spoken.shift();
  spoken.push({ text, shape: shapeOf(samples, rate) });
}

/** The text of the remembered speech that this sound is most like, or null. */
export function recogniseSpeech(samples: ArrayLike<number>, rate: number): string | null {
  const heard = shapeOf(samples, rate);
  let best = { text: null as string | null, likeness: leastLikeness };
  for (const { text, shape } of spoken) {
    const likeness = compare(heard, shape);
    if (likeness > best.likeness) best = { text, likeness };
  }
  return best.text;
}

/** A frame that is quieter than this share of the loudest one is silence. */
const silenceShare = 0.1;

/**
 * The square root of the loudness of each frame, so that loud moments do not outweigh all others. Without the
 * silence before and after: a person presses the button earlier and later than the speech.
 */
function shapeOf(samples: ArrayLike<number>, rate: number): Float32Array {
  const frames = loudnessOf(samples, rate);
  const floor = silenceShare * frames.reduce((most, frame) => Math.max(most, frame), 0);
  const first = frames.findIndex((frame) => frame > floor);
  return first === -1 ? frames : frames.subarray(first, frames.findLastIndex((frame) => frame > floor) + 1);
}

function loudnessOf(samples: ArrayLike<number>, rate: number): Float32Array {
  const size = Math.round(rate / framesPerSecond);
  return Float32Array.from({ length: Math.floor(samples.length / size) }, (_, frame) => {
    let sum = 0;
    for (let i = frame * size; i < (frame + 1) * size; i++) sum += (samples[i] as number) ** 2;
    return Math.sqrt(Math.sqrt(sum / size));
  });
}

/** The highest correlation of two shapes over all shifts with enough overlap. */
function compare(a: Float32Array, b: Float32Array): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const slack = Math.floor(short.length * (1 - leastOverlap));
  let best = -1;
  for (let shift = -slack; shift <= long.length - short.length + slack; shift++)
    best = Math.max(best, correlate(short, long, shift) * Math.sqrt(short.length / long.length));
  return best;
}

function correlate(short: Float32Array, long: Float32Array, shift: number): number {
  const from = Math.max(0, -shift);
  const to = Math.min(short.length, long.length - shift);
  const n = to - from;
  let [sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const [x, y] = [short[i] as number, long[i + shift] as number];
    sa += x;
    sb += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const spread = Math.sqrt((aa - (sa * sa) / n) * (bb - (sb * sb) / n));
  return n > 0 && spread > 0 ? (ab - (sa * sb) / n) / spread : -1;
}
