import type { Request } from "express";
import { z } from "zod";
import type { PreparedCall } from "../http/prepared-call.ts";
import { readBody } from "../http/read-body.ts";
import { changeWords } from "../voice/change-words.ts";
import { contentTypes, encodeSpeech } from "../voice/encode-speech.ts";
import { speak } from "../voice/speak.ts";
import { rememberSpeech } from "../voice/spoken.ts";

const Body = z
  .object({
    model: z.string().min(1),
    input: z
      .string()
      .min(1)
      .refine((text) => [...text].length <= 4096, { error: "string too long, at most 4096 characters" }),
    voice: z.union([z.string().min(1), z.object({ id: z.string() })]),
    response_format: z.enum(["mp3", "opus", "aac", "flac", "wav", "pcm"]).default("mp3"),
    speed: z.number().min(0.25).max(4).default(1),
    instructions: z.string().nullish(),
    stream_format: z.enum(["audio"]).nullish(),
  })
  .loose();

/**
 * POST /v1/audio/speech: the whole file at once. Instructions are accepted and have no effect on the sound.
 */
export function speakText(req: Request): PreparedCall {
  const body = readBody(req, Body);
  const voice = typeof body.voice === "string" ? body.voice : body.voice.id;
  const work: PreparedCall["work"] = async (signal, wordFault) => {
    const said = wordFault ? changeWords(wordFault, body.input) : body.input;
    const samples = await speak({ text: said, voice, speed: body.speed }, signal);
    const sound = await encodeSpeech(samples, body.response_format, signal);
    rememberSpeech(sound, said);
    return { contentType: contentTypes[body.response_format], body: sound, said };
  };
  return { shape: JSON.stringify(body), work };
}
