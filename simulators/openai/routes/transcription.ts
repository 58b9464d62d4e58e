import { createHash } from "node:crypto";
import type { Request } from "express";
import { invalid } from "../http/envelope.ts";
import type { PreparedCall } from "../http/prepared-call.ts";
import { readForm } from "../http/read-form.ts";
import type { SimulatorState } from "../state.ts";
import { detectLanguage } from "../text/detect-language.ts";
import { decodeHeard, heardRate } from "../voice/decode-heard.ts";
import { recogniseSpeech } from "../voice/recognise.ts";
import { recallSpeech } from "../voice/spoken.ts";

/** The transcript of a recording that this simulator did not make. */
const unknownDream = "I was walking through a house I had never seen, and every door opened onto the sea.";

/**
 * POST /v1/audio/transcriptions, multipart. The answer to the simulator's own speech is the text that it
 * spoke, also after the sound was encoded anew.
 *
 * @throws VendorError that names the parameter
 */
export const transcribe =
  ({ control }: Pick<SimulatorState, "control">) =>
  (req: Request): Promise<PreparedCall> =>
    prepareTranscription(req, control.hears);

async function prepareTranscription(req: Request, hears: string | null): Promise<PreparedCall> {
  const form = await readForm(req);
  const file = form.get("file");
  if (!(file instanceof File))
    throw invalid("file", "Missing required parameter: 'file'.", "missing_required_parameter");
  const model = form.get("model");
  if (!model) throw invalid("model", "Missing required parameter: 'model'.", "missing_required_parameter");
  const format = form.get("response_format") ?? "json";
  if (format !== "json" && format !== "text") {
    throw invalid(
      "response_format",
      `response_format '${format}' is not compatible with model '${model}'.`,
      "unsupported_value",
    );
  }
  const takesHints = String(model).startsWith("gpt-transcribe");
  for (const name of ["keywords[]", "languages[]"])
    if (form.has(name) && !takesHints)
      throw invalid(
        name,
        `Unsupported parameter: '${name}' is not supported with this model.`,
        "unsupported_parameter",
      );
  const hints = ["keywords[]", "languages[]", "language", "prompt"].map((name) =>
    form.getAll(name).map(String),
  );
  const sound = Buffer.from(await file.arrayBuffer());
  const shape = `${model} ${format} ${JSON.stringify(hints)} ${hears ?? ""} ${createHash("sha256").update(sound).digest("hex")}`;
  const work = async (signal: AbortSignal) => {
    const heard = await decodeHeard(sound, signal);
    if (heard === null) throw invalid("file", "Audio file might be corrupted or unsupported");
    const text = hears ?? recallSpeech(sound) ?? recogniseSpeech(heard, heardRate) ?? unknownDream;
    if (format === "text")
      return { contentType: "text/plain; charset=utf-8", body: Buffer.from(`${text}\n`) };
    const answer = {
      text,
      ...(takesHints ? { languages: [{ code: detectLanguage(text).split("-")[0] }] } : {}),
      usage: { type: "duration", seconds: Math.ceil(heard.length / heardRate) },
    };
    return { contentType: "application/json", body: Buffer.from(JSON.stringify(answer)) };
  };
  return { shape, work };
}
