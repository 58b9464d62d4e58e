/** The microphone: its stream, its loudness, and why it cannot be used. */

export interface Microphone {
  stream: MediaStream;
  /** The loudness of this moment in dB below full scale: 0 is the loudest, -100 is silence. */
  readLevel(): number;
  close(): void;
}

const silenceDb = -100;

/**
 * Asks for the microphone and opens it. `ended` is called when the device or the permission goes away.
 *
 * @throws DOMException, which `explainMicrophone` explains
 */
export async function openMicrophone(ended: () => void): Promise<Microphone> {
  // Without a secure context a browser has no mediaDevices.
  if (navigator.mediaDevices === undefined) throw new DOMException("insecure", "SecurityError");
  const stream = await navigator.mediaDevices.getUserMedia({
    // Nothing plays while a person speaks, and the removal of an echo makes a voice thin.
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
  });
  for (const track of stream.getAudioTracks()) track.addEventListener("ended", ended);
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  // Safari starts a context suspended.
  void context.resume().catch(() => {});
  const samples = new Float32Array(analyser.fftSize);
  return {
    stream,
    readLevel() {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      return Math.max(silenceDb, 10 * Math.log10(power));
    },
    close() {
      for (const track of stream.getTracks()) track.stop();
      void context.close().catch(() => {});
    },
  };
}

/** Why the microphone cannot be used, and what the person can do. */
export function explainMicrophone(error: unknown): { title: string; advice: string } {
  const name = error instanceof Error ? error.name : "";
  const [title, advice] = known[name] ?? [
    "The recording does not work",
    "Reload the page and try again, or write the dream down.",
  ];
  return { title, advice };
}

/** @source https://w3c.github.io/mediacapture-main/#dom-mediadevices-getusermedia, the errors by name */
const known: Record<string, readonly [string, string]> = {
  NotAllowedError: [
    "The microphone is blocked",
    "Allow the microphone for this page in your browser’s address bar or settings, then press Record again.",
  ],
  NotFoundError: ["There is no microphone", "Connect one, then press Record again. Or write the dream down."],
  NotReadableError: [
    "The microphone is in use",
    "Close the other app or tab that uses it, then press Record again.",
  ],
  AbortError: ["The microphone did not start", "Press Record again."],
  SecurityError: [
    "This page may not record",
    "A browser records only on pages with https. Open the page by its https address.",
  ],
  NotSupportedError: [
    "This browser cannot record",
    "Update it or use another browser. Or write the dream down.",
  ],
  QuotaExceededError: [
    "This device has no room for the recording",
    "What is recorded so far is kept. Make room, then press Record again.",
  ],
};
