/**
 * A WAV file of mono `samples`. `code` is 1 for integers and 3 for floats, each of so many `bytes`; `rate` is
 * in samples a second. The chunks `between` stand before the samples.
 *
 * @source Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (RIFF)
 */
export function writeWav(
  { code, bytes }: { code: 1 | 3; bytes: 2 | 4 },
  rate: number,
  samples: Buffer,
  between: readonly Buffer[] = [],
): Buffer {
  const format = Buffer.alloc(16);
  format.writeUInt16LE(code, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * bytes, 8);
  format.writeUInt16LE(bytes, 12);
  format.writeUInt16LE(bytes * 8, 14);
  const chunks = [riffChunk("fmt ", format), ...between, riffChunk("data", samples)];
  return riffChunk("RIFF", Buffer.concat([Buffer.from("WAVE", "latin1"), ...chunks]));
}

/** One chunk of a RIFF file: its name of four letters, its length and its data. */
export function riffChunk(id: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, "latin1");
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}
