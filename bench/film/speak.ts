import { writeSpeechWav } from "../../render-worker/media/voice/said-chunk.ts";
import { seeded } from "../../tests/seeded.ts";

const voiceRate = 24_000;

/**
 * A WAV file that resembles a voice: four syllables per second, a changing pitch, harmonics, breath noise. It
 * states that it says `text`.
 */
export function speak(seconds: number, seed: number, text: string): Buffer {
  const random = seeded(seed + 1000);
  const samples = Math.round(seconds * voiceRate);
  const pcm = Buffer.alloc(samples * 2);
  let phase = 0;
  for (let i = 0; i < samples; i++) {
    const time = i / voiceRate;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2 * time)) ** 2;
    phase += (2 * Math.PI * (120 + 30 * Math.sin(2 * time + seed))) / voiceRate;
    let value = (random() - 0.5) * 0.1;
    for (let harmonic = 1; harmonic <= 20; harmonic++) value += Math.sin(harmonic * phase) / harmonic ** 1.2;
    pcm.writeInt16LE(Math.round(value * syllable * 6_000), i * 2);
  }
  return writeSpeechWav(pcm, voiceRate, text);
}
