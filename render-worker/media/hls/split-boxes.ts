/** A fragmented MP4 taken apart: what a player needs once, and the media itself. */
export interface SplitMp4 {
  /** ftyp and moov. */
  init: Buffer;
  /** Every moof with its mdat, in the order of the film. */
  media: Buffer[];
}

/** Splits a fragmented MP4 at its top-level boxes; boxes of other kinds are left out. Throws on a cut file. */
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
    throw new Error("not a whole fragmented MP4");
  return { init: Buffer.concat(init), media };
}

function readBox(file: Buffer, at: number): { type: string; end: number } {
  if (at + 16 > file.length) throw new Error("a box is cut");
  const short = file.readUInt32BE(at);
  const length = short === 1 ? Number(file.readBigUInt64BE(at + 8)) : short;
  if (length < 8 || at + length > file.length) throw new Error("a box is cut");
  return { type: file.toString("latin1", at + 4, at + 8), end: at + length };
}

/** The picture's codec as players want it named, such as "avc1.640028", from an init's own configuration. */
export function readVideoCodec(init: Buffer): string {
  const at = init.indexOf("avcC");
  if (at < 0 || at + 8 > init.length) throw new Error("no H.264 configuration");
  return `avc1.${init.toString("hex", at + 5, at + 8)}`;
}
