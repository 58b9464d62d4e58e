/**
 * How long a WAV file plays, from its header; what the vendor's speech is billed by. A streamed file says a length it
 * did not know, so the bytes that are really there decide. 0 for anything else.
 */
export function wavSeconds(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== "RIFF" || tag(8) !== "WAVE") return 0;
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    if (tag(at) === "fmt " && at + 20 <= bytes.length) bytesPerSecond = view.getUint32(at + 16, true);
    if (tag(at) === "data")
      return bytesPerSecond > 0 ? Math.min(size, bytes.length - at - 8) / bytesPerSecond : 0;
    at += 8 + size + (size % 2);
  }
  return 0;
}
