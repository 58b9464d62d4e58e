/** The parts of a fragmented MP4. */
export interface SplitMp4 {
  /** The ftyp and moov boxes. */
  init: Buffer;
  /** Every moof box with its mdat, in the film's order. */
  media: Buffer[];
}

/**
 * Splits a fragmented MP4 at its top-level boxes; drops boxes of other kinds.
 *
 * @throws Error if the file is cut
 */
export function splitBoxes(file: Buffer): SplitMp4 {
  const init: Buffer[] = [];
  const media: Buffer[] = [];
  let moof: number | undefined;
  for (let at = 0; at < file.length; ) {
    const { type, end } = readBox(file, at);
    if (type === "ftyp" || type === "moov") init.push(file.subarray(at, end));
    if (type === "moof") moof = at;
    if (type === "mdat" && moof !== undefined) {
      media.push(file.subarray(moof, end));
      moof = undefined;
    }
    at = end;
  }
  if (init.length !== 2 || media.length === 0 || moof !== undefined)
    throw new Error("the file is no complete fragmented MP4");
  return { init: Buffer.concat(init), media };
}

function readBox(file: Buffer, at: number): { type: string; end: number } {
  if (at + 16 > file.length) throw new Error("an MP4 box is cut");
  const short = file.readUInt32BE(at);
  const length = short === 1 ? Number(file.readBigUInt64BE(at + 8)) : short;
  if (length < 8 || at + length > file.length) throw new Error("an MP4 box is cut");
  return { type: file.toString("latin1", at + 4, at + 8), end: at + length };
}

/**
 * The video codec in the form of a playlist, such as "avc1.640028", from the init's avcC box.
 *
 * @throws Error if the init has no avcC box
 */
export function readVideoCodec(init: Buffer): string {
  const at = init.indexOf("avcC");
  if (at < 0 || at + 8 > init.length) throw new Error("the MP4 has no avcC box");
  return `avc1.${init.toString("hex", at + 5, at + 8)}`;
}
