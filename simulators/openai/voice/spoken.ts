/** The text of each spoken sound, by its samples' hash: the simulator transcribes only its own speech. */
import { createHash } from "node:crypto";

const most = 5_000;
const texts = new Map<string, string>();

/** Stores the text of a sound that the simulator made. Of a WAV only the samples count. */
export function rememberSpeech(sound: Buffer, text: string): void {
  const oldest = texts.keys().next().value;
  if (texts.size >= most && oldest !== undefined) texts.delete(oldest);
  texts.set(hash(sound), text);
}

/** The text of this sound, or null if the simulator did not make it. */
export const recallSpeech = (sound: Buffer): string | null => texts.get(hash(sound)) ?? null;

const hash = (sound: Buffer) => createHash("sha256").update(samplesOf(sound)).digest("hex");

/** The samples of a WAV, whatever other chunks it has. Other sounds as they are. */
function samplesOf(sound: Buffer): Buffer {
  if (sound.toString("latin1", 0, 4) !== "RIFF") return sound;
  for (let at = 12; at + 8 <= sound.length; ) {
    const size = sound.readUInt32LE(at + 4);
    if (sound.toString("latin1", at, at + 4) === "data") return sound.subarray(at + 8, at + 8 + size);
    at += 8 + size + (size % 2);
  }
  return sound;
}
