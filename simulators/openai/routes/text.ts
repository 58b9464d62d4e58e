import type { Request } from "express";
import { z } from "zod";
import { hash32 } from "../chance.ts";
import { invalid } from "../http/envelope.ts";
import type { PreparedCall } from "../http/prepared-call.ts";
import { readBody } from "../http/read-body.ts";
import { answerMessages } from "../storyboard/answer-messages.ts";
import { countTokens } from "../text/count-tokens.ts";

const Part = z.object({ type: z.string(), text: z.string().optional() }).loose();

const Body = z
  .object({
    model: z.string().min(1),
    messages: z
      .array(
        z
          .object({ role: z.string(), content: z.union([z.string(), z.array(Part), z.null()]).optional() })
          .loose(),
      )
      .min(1),
    stream: z.boolean().nullish(),
    max_completion_tokens: z.int().min(1).nullish(),
    max_tokens: z.int().min(1).nullish(),
    response_format: z
      .object({
        type: z.enum(["text", "json_object", "json_schema"]),
        json_schema: z
          .object({
            name: z.string(),
            strict: z.boolean().nullish(),
            schema: z.record(z.string(), z.unknown()),
          })
          .loose()
          .optional(),
      })
      .loose()
      .optional(),
  })
  .loose();
type Body = z.infer<typeof Body>;

/**
 * POST /v1/chat/completions, without streaming. `created` and the id depend on the request, so the bytes
 * repeat.
 *
 * @throws VendorError that names the parameter
 */
export function completeChat(req: Request): PreparedCall {
  const body = readBody(req, Body);
  if (body.stream) throw invalid("stream", "Streaming is not supported by this server.", "unsupported_value");
  const format = body.response_format;
  if (format?.type === "json_schema" && !format.json_schema) {
    throw invalid("response_format.json_schema", "Missing required parameter.", "missing_required_parameter");
  }
  return {
    shape: JSON.stringify(body),
    work: async () => ({
      contentType: "application/json",
      body: Buffer.from(JSON.stringify(complete(body))),
    }),
  };
}

function complete(body: Body) {
  const messages = body.messages.map(({ role, content }) => ({ role, text: plainText(content) }));
  const answer = answerMessages(messages, body.response_format?.json_schema?.schema ?? null);
  const seed = hash32(JSON.stringify(body));
  const promptTokens = countTokens(JSON.stringify(body.response_format ?? "")) + promptOf(messages);
  const limit = body.max_completion_tokens ?? body.max_tokens ?? Number.POSITIVE_INFINITY;
  const content = cutToTokens(answer, limit);
  const completionTokens = countTokens(content);
  return {
    id: `chatcmpl-${seed.toString(36)}`,
    object: "chat.completion",
    created: 1_767_225_600 + (seed % 1_000_000),
    model: body.model,
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: content === answer ? "stop" : "length",
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
    },
    service_tier: "default",
    system_fingerprint: "fp_dreamreel_local",
  };
}

/** The beginning of the text, cut to a number of tokens. */
function cutToTokens(text: string, limit: number): string {
  const tokens = countTokens(text);
  return tokens <= limit ? text : text.slice(0, Math.floor((text.length * limit) / tokens));
}

const promptOf = (messages: { text: string }[]) =>
  messages.reduce((sum, { text }) => sum + countTokens(text) + 4, 3);

function plainText(content: Body["messages"][number]["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("\n");
}
