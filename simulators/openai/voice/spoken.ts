/** The text of each spoken sound, by the sound's hash: the simulator transcribes only its own speech. */
import { createHash } from "node:crypto";

const most = 5_000;
const texts = new Map<string, string>();

/** Stores the text of a sound that the simulator made. */
export function rememberSpeech(sound: Buffer, text: string): void {
  const oldest = texts.keys().next().value;
  if (texts.size >= most && oldest !== undefined) texts.delete(oldest);
  texts.set(hash(sound), text);
}

/** The text of this sound, or null if the simulator did not make it. */
export const recallSpeech = (sound: Buffer): string | null => texts.get(hash(sound)) ?? null;

const hash = (sound: Buffer) => createHash("sha256").update(sound).digest("hex");
