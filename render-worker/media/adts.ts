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
