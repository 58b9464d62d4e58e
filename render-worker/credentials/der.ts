/** Writes the few types of ASN.1 DER that a certificate consists of (ITU-T X.690). It reads nothing. */

/** One value: its tag, its length and its parts. */
export function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.of(tag, 0x80 | length.length), length, content]);
}

/** Parts in an order that means something. */
export const sequence = (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts);
/** Parts in no order. */
export const set = (...parts: readonly Uint8Array[]) => tagged(0x31, ...parts);
/** Bytes that may hold another value. */
export const octets = (...parts: readonly Uint8Array[]) => tagged(0x04, ...parts);
/** A text in UTF-8. */
export const text = (value: string) => tagged(0x0c, Buffer.from(value));
/** The boolean true. */
export const yes = tagged(0x01, Buffer.of(0xff));

/** An integer that is not negative, from its bytes. */
export const integer = (bytes: Uint8Array) =>
  tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.of(), bytes);

/** A bit string whose last `unused` bits do not count. */
export const bits = (bytes: Uint8Array, unused = 0) => tagged(0x03, Buffer.of(unused), bytes);

/** A time in UTC, to the second. */
export const time = (at: Date) =>
  tagged(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));

/** An object identifier, written as "1.3.101.112". */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(toBase128)));
}

function toBase128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift(0x80 | (left & 0x7f));
  return digits;
}
