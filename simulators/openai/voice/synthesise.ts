/**
 * Raw speech by an engine of this machine: flite (in ffmpeg) for English, else espeak-ng, else macOS's `say`.
 */
import { writeFile } from "node:fs/promises";
import { join as joinPath } from "node:path";
import { detectLanguage } from "../text/detect-language.ts";
import { splitSentences } from "../text/split-text.ts";
import { type Character, espeakVoice, sayVoice } from "./choose-voice.ts";
import { readKanji } from "./read-kanji.ts";
import { hasTool, runTool } from "./run-tool.ts";

/** Files in the working folder, one per sentence, and the ffmpeg input that reads each. */
export interface Takes {
  inputs: string[][];
  /** The factor on the takes' own pace for about 155 words per minute. */
  tempo: number;
}

interface Task {
  text: string;
  character: Character;
  folder: string;
  signal: AbortSignal;
}

/** The text as speech, one file per sentence. Null when no engine of this machine can speak it. */
export async function synthesise(task: Task): Promise<Takes | null> {
  const language = detectLanguage(task.text);
  if (!/[\p{L}\p{N}]/u.test(task.text)) return null;
  if (language === "en" && (await hasTool("ffmpeg", ["-hide_banner", "-filters"], " flite ")))
    return byFlite(task);
  if (await hasTool("espeak-ng", ["--version"])) return byEspeak(task, language);
  const voice = sayVoice(language);
  if (voice && process.platform === "darwin") return bySay(task, voice);
  return null;
}

async function byFlite({ text, character, folder }: Task): Promise<Takes | null> {
  const sentences = breaths(toAscii(text)).filter((sentence) => /[a-z0-9]/i.test(sentence));
  if (sentences.length === 0) return null;
  const inputs = sentences.map((_, i) => [
    "-f",
    "lavfi",
    "-i",
    `flite=textfile=s${i}.txt:voice=${character.flite}`,
  ]);
  await Promise.all(
    sentences.map((sentence, i) => writeFile(joinPath(folder, `s${i}.txt`), `${sentence}\n`)),
  );
  return { inputs, tempo: { slt: 0.86, rms: 0.93, awb: 0.88 }[character.flite] };
}

async function byEspeak({ text, character, folder, signal }: Task, language: string): Promise<Takes> {
  const { voice, rate } = espeakVoice(language);
  // Double brackets would be read as phonemes.
  const stdin = (language === "ja" ? readKanji(plain(text)) : plain(text)).replace(/[[\]]/g, " ");
  const speak = (name: string) =>
    runTool("espeak-ng", {
      args: ["-b", "1", "-v", name, "-s", String(rate), "-w", "say.wav", "--stdin"],
      stdin,
      cwd: folder,
      signal,
    });
  await speak(`${voice}+${character.variant}`).catch(() => speak("en-us"));
  return { inputs: [["-i", "say.wav"]], tempo: 1 };
}

async function bySay({ text, folder, signal }: Task, voice: string): Promise<Takes> {
  await writeFile(joinPath(folder, "say.txt"), plain(text));
  const args = ["-v", voice, "-r", "160", "-f", "say.txt", "-o", "say.wav", "--data-format=LEI16@24000"];
  await runTool("say", { args, cwd: folder, signal });
  return { inputs: [["-i", "say.wav"]], tempo: 1 };
}

/** Sentences, joined if there are too many for one run of ffmpeg. */
function breaths(text: string): string[] {
  const sentences = splitSentences(text);
  const most = 48;
  const size = Math.ceil(sentences.length / most);
  return Array.from({ length: Math.ceil(sentences.length / Math.max(1, size)) }, (_, i) =>
    sentences.slice(i * size, (i + 1) * size).join(" "),
  );
}

/** flite knows ASCII only. */
function toAscii(text: string): string {
  return plain(text)
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[—–]/g, ", ")
    .replace(/…/g, "...")
    .normalize("NFKD")
    .replace(/[^\x20-\x7e]/g, "")
    .replace(/["“”<>{}[\]\\|^~`_*#@]/g, " ")
    .trim();
}

const plain = (text: string) =>
  text.replace(/\p{Cc}|\p{Cs}|\p{Extended_Pictographic}|\u200d|\ufe0f/gu, " ").replace(/\s+/gu, " ");
