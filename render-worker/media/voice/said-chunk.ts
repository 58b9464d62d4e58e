/**
 * A WAV file that also contains what its voice says, in a chunk of its own. Sound and words are one object,
 * so a found voice gives the same captions as a bought one. Readers of WAV skip chunks that they do not know.
 *
 * @source Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (RIFF)
 */
import { riffChunk, writeWav } from "./write-wav.ts";

const chunkId = "said";

/** A WAV of mono 16-bit samples. */
export function writeSpeechWav(pcm: Buffer, rate: number, said: string): Buffer {
  const samples = pcm.subarray(0, pcm.length - (pcm.length % 2));
  return writeWav({ code: 1, bytes: 2 }, rate, samples, [riffChunk(chunkId, Buffer.from(said, "utf8"))]);
}

/** What the voice of this file says, by its provider's own account. Null if the file does not contain it. */
export function readSaid(file: Buffer): string | null {
  if (file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE") return null;
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    if (id === chunkId) return file.toString("utf8", at + 8, at + 8 + size);
    if (id === "data") return null;
    at += 8 + size + (size % 2);
  }
  return null;
}
