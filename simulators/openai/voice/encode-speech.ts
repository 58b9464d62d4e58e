import { speechRate } from "./rate.ts";
import { runTool } from "./run-tool.ts";

export type SpeechFormat = "mp3" | "opus" | "aac" | "flac" | "wav" | "pcm";

export const contentTypes: Record<SpeechFormat, string> = {
  mp3: "audio/mpeg",
  opus: "audio/opus",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
};

const encoders: Record<"mp3" | "opus" | "aac" | "flac", readonly string[]> = {
  mp3: ["-c:a", "libmp3lame", "-b:a", "96k", "-f", "mp3"],
  opus: ["-c:a", "libopus", "-b:a", "48k", "-f", "ogg"],
  aac: ["-c:a", "aac", "-b:a", "96k", "-f", "adts"],
  flac: ["-c:a", "flac", "-f", "flac"],
};

/** The samples in one of OpenAI's speech formats; the same samples give the same bytes. */
export async function encodeSpeech(
  samples: Float32Array,
  format: SpeechFormat,
  signal: AbortSignal,
): Promise<Buffer> {
  const pcm = toPcm(samples);
  if (format === "pcm") return pcm;
  if (format === "wav") return Buffer.concat([wavHeader(pcm.length), pcm]);
  const args = [
    ...[
      "-hide_banner",
      "-loglevel",
      "error",
      "-f",
      "s16le",
      "-ar",
      String(speechRate),
      "-ac",
      "1",
      "-i",
      "pipe:0",
    ],
    ...[
      "-map_metadata",
      "-1",
      "-fflags",
      "+bitexact",
      "-flags:a",
      "+bitexact",
      ...encoders[format],
      "pipe:1",
    ],
  ];
  return runTool("ffmpeg", { args, stdin: pcm, signal });
}

/** Both formats, and every machine that this runs on, are little-endian. */
function toPcm(samples: Float32Array): Buffer {
  const pcm = new Int16Array(samples.length);
  for (let i = 0; i < pcm.length; i++) {
    pcm[i] = Math.round(Math.max(-1, Math.min(1, samples[i] as number)) * 32_767);
  }
  return Buffer.from(pcm.buffer);
}

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + dataBytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(speechRate, 24);
  header.writeUInt32LE(speechRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
