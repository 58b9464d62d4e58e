/** The tables of a track's samples. */
import { fullBox, uint32 } from "./boxes.ts";

/** Samples of one track that follow each other in the file. */
export interface Chunk {
  /** In bytes from the file's start. */
  offset: number;
  samples: number;
  /** The sample entry that describes them, counted from 0. */
  entry: number;
}

/** Each sample's duration in ticks. */
export const durations = (ticks: readonly number[]) => fullBox("stts", 0, 0, ...runs(ticks));

/** Ticks from each sample's decoding to its showing. */
export const shownAfter = (ticks: readonly number[]) => fullBox("ctts", 0, 0, ...runs(ticks));

/** The samples that need no other, counted from 0. */
export const keySamples = (samples: readonly number[]) =>
  fullBox("stss", 0, 0, uint32(samples.length, ...samples.map((sample) => sample + 1)));

/** Where the samples of these sizes are. @throws RangeError if the file is larger than 4 GiB */
export function places(sizes: readonly number[], chunks: readonly Chunk[]): Buffer[] {
  const first = chunks.flatMap(({ samples, entry }, i) => {
    const before = chunks[i - 1];
    return before?.samples === samples && before.entry === entry ? [] : [[i + 1, samples, entry + 1]];
  });
  return [
    fullBox("stsc", 0, 0, uint32(first.length, ...first.flat())),
    fullBox("stsz", 0, 0, uint32(0, sizes.length, ...sizes)),
    fullBox("stco", 0, 0, uint32(chunks.length, ...chunks.map(({ offset }) => offset))),
  ];
}

/** A count, and as many pairs of a length and the value that is repeated. */
function runs(values: readonly number[]): Buffer[] {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[1] === value) last[0]++;
    else found.push([1, value]);
  }
  return [uint32(found.length), uint32(...found.flat())];
}
