import { createReadStream } from "node:fs";
import { toFile } from "openai";
import type { TranscriptionCreateParamsNonStreaming } from "openai/resources/audio/transcriptions";
import { z } from "zod";
import { priceSpeech } from "../../../contract/voices/paid-voice.ts";
import { Unsure } from "../../errors.ts";
import type { TranscriptionProvider } from "../../runtime/providers.ts";
import type { Transcribe, TranscriptionRequest } from "../ai.ts";
import { faultOfAnswer } from "../read-fault.ts";
import { connect } from "./connect.ts";
import { translateError } from "./translate-error.ts";

const Answer = z.object({
  text: z.string(),
  languages: z
    .array(z.object({ code: z.string() }))
    .nullish()
    .catch(null),
  usage: z.looseObject({ type: z.string().optional(), seconds: z.number().optional() }).nullish(),
});

/** A function that has sounds transcribed by this provider. */
export function createTranscriber(provider: TranscriptionProvider): Transcribe {
  const client = connect(provider);
  return async (request, signal) => {
    try {
      const file = await toFile(createReadStream(request.path), request.fileName);
      const { data, response } = await client.audio.transcriptions
        .create({ ...parametersOf(provider.model, request), file }, { signal })
        .withResponse();
      const fault = faultOfAnswer("transcription", data);
      if (fault) throw fault;
      const answer = Answer.safeParse(data);
      if (!answer.success)
        throw new Unsure("openai.malformed", "The AI provider's answer could not be read", {
          aiFault: "unreadable",
        });
      const { text, languages, usage } = answer.data;
      const seconds = usage?.type === "duration" ? usage.seconds : undefined;
      return {
        value: { text, languages: (languages ?? []).map(({ code }) => code) },
        requestId: response.headers.get("x-request-id"),
        costMicroUsd: seconds === undefined ? null : priceSpeech(provider, seconds),
      };
    } catch (error) {
      throw translateError("transcription", error, signal);
    }
  };
}

/**
 * @source openai-node 7.57.0, TranscriptionCreateParams: `keywords` and `languages` are gpt-transcribe's
 *   only
 */
function parametersOf(
  model: string,
  { keywords, languages }: TranscriptionRequest,
): Omit<TranscriptionCreateParamsNonStreaming, "file"> {
  const codes = [...new Set(languages.map((tag) => tag.split("-")[0] ?? ""))].filter(
    (code) => code.length === 2,
  );
  if (model.startsWith("gpt-transcribe"))
    return {
      model,
      response_format: "json",
      ...(keywords.length > 0 ? { keywords: [...keywords] } : {}),
      ...(codes.length > 0 ? { languages: codes } : {}),
    };
  return {
    model,
    response_format: "json",
    ...(codes.length === 1 ? { language: codes[0] as string } : {}),
    ...(keywords.length > 0 ? { prompt: keywords.join(", ") } : {}),
  };
}
