/**
 * `count` AAC frames of an ADTS stream, after the first `skip`.
 *
 * @throws Error if the stream has fewer frames
 */
export function cutAdts(stream: Buffer, skip: number, count: number): Buffer {
  let at = 0;
  let begin = 0;
  for (let frame = 0; frame < skip + count; frame++) {
    if (frame === skip) begin = at;
    at += frameLength(stream, at);
  }
  return stream.subarray(begin, at);
}

/**
 * The number of frames in an ADTS stream.
 *
 * @throws Error if the last frame is cut
 */
export function countAdts(stream: Buffer): number {
  let count = 0;
  for (let at = 0; at < stream.length; count++) at += frameLength(stream, at);
  return count;
}

function frameLength(stream: Buffer, at: number): number {
  const sync = at + 7 <= stream.length ? stream.readUInt16BE(at) & 0xfff6 : 0;
  const length = sync === 0xfff0 ? (stream.readUIntBE(at + 3, 3) >> 5) & 0x1fff : 0;
  if (length < 7 || at + length > stream.length) throw new Error("the ADTS stream has too few frames");
  return length;
}

/** The frames of an ADTS stream without their headers, and what a decoder must know of them. */
export interface AacFrames {
  frames: Buffer[];
  /** The AudioSpecificConfig. */
  config: Buffer;
}

/**
 * Unpacks an ADTS stream.
 *
 * @throws Error if the last frame is cut, or if there is none
 * @source ISO/IEC 13818-7, 6.2 (ADTS); ISO/IEC 14496-3, 1.6.2.1 (AudioSpecificConfig)
 */
export function unpackAdts(stream: Buffer): AacFrames {
  const frames: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = frameLength(stream, at);
    const hasChecksum = ((stream[at + 1] as number) & 1) === 0;
    frames.push(stream.subarray(at + (hasChecksum ? 9 : 7), at + length));
    at += length;
  }
  if (frames.length === 0) throw new Error("the ADTS stream has too few frames");
  const header = stream.readUInt16BE(2);
  const [objectType, rate, channels] = [(header >> 14) + 1, (header >> 10) & 15, (header >> 6) & 7];
  const config = Buffer.alloc(2);
  config.writeUInt16BE((objectType << 11) | (rate << 7) | (channels << 3));
  return { frames, config };
}
