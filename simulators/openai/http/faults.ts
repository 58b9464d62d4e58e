import type { Response } from "express";
import { type ByteFault, byteFaults, type Fault, type FaultKind } from "../control.ts";
import { VendorError } from "./envelope.ts";
import { linkTo } from "./linked-pictures.ts";
import type { Reply } from "./prepared-call.ts";
import { reshapePicture, reshapeSound } from "./reshape-bytes.ts";
import { wrapText } from "./wrap-text.ts";

/**
 * Ends a call that is not billed: with a real API's error, or by closing the connection.
 *
 * @throws VendorError with the fault's status
 */
export function throwFault(fault: Fault, res: Response): void {
  switch (fault.kind) {
    case "error_in_answer": {
      // OpenRouter's form: status 200, the real status in `code`.
      const error = { code: fault.status, message: "Provider returned error" };
      return void res.json({ error });
    }
    case "html_page":
      return void res.type("html").send("<!doctype html><title>Welcome to nginx!</title>");
    case "model_not_found":
      throw new VendorError(404, "The model does not exist or you do not have access to it.", {
        code: "model_not_found",
      });
    case "rate_limited":
      throw new VendorError(429, "Rate limit reached for requests. Please try again later.", {
        type: "requests",
        code: "rate_limit_exceeded",
        headers: retryAfter(fault.retry_after_ms ?? 1000),
      });
    case "insufficient_quota":
      throw new VendorError(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        {
          type: "insufficient_quota",
          code: "insufficient_quota",
        },
      );
    case "content_policy_violation":
      throw new VendorError(400, "Your request was rejected as a result of our safety system.", {
        code: "content_policy_violation",
      });
    case "connection_reset":
      return void res.destroy();
    default:
      throw new VendorError(fault.status, "The server had an error while processing your request.", {
        ...(fault.retry_after_ms !== undefined && { headers: retryAfter(fault.retry_after_ms) }),
      });
  }
}

const retryAfter = (ms: number) => ({
  "retry-after-ms": String(ms),
  "retry-after": String(Math.ceil(ms / 1000)),
});

/** Applies a fault to a billed reply. A fault of another capability leaves the reply unchanged. */
export async function damageReply(fault: Fault, reply: Reply, res: Response): Promise<Reply> {
  if (isByteFault(fault.kind)) return reshapeReply(fault.kind, reply);
  switch (fault.kind) {
    case "empty_body":
      return { ...reply, body: Buffer.alloc(0) };
    case "wrong_shape":
      return { contentType: "application/json", body: Buffer.from('{"object":"surprise"}') };
    case "no_usage":
      return changeJson(reply, ({ usage: _, ...body }) => body);
    case "data_prefix":
      return changePicture(reply, (b64_json) => ({ b64_json: `data:image/png;base64,${b64_json}` }));
    case "picture_by_url":
      return changePicture(reply, (b64_json) => ({ url: linkTo(Buffer.from(b64_json, "base64"), res.req) }));
    default:
      return changeJson(reply, (body) => ({
        ...body,
        ...(body.choices && { choices: body.choices.map((choice) => changeChoice(fault, choice)) }),
      }));
  }
}

const isByteFault = (kind: FaultKind): kind is ByteFault => (byteFaults as readonly string[]).includes(kind);

async function reshapeReply(kind: ByteFault, reply: Reply): Promise<Reply> {
  const { data } = readJson(reply) ?? {};
  const [picture] = data ?? [];
  if (picture?.b64_json) {
    const bytes = await reshapePicture(kind, Buffer.from(picture.b64_json, "base64"));
    return changePicture(reply, () => ({ b64_json: bytes.toString("base64") }));
  }
  return reply.contentType.startsWith("audio/")
    ? { ...reply, body: await reshapeSound(kind, reply.body) }
    : reply;
}

/** The fields of a reply that faults change. */
interface JsonReply {
  choices?: Choice[];
  data?: { b64_json?: string }[];
  usage?: unknown;
}
interface Choice {
  message: { content: string | null; refusal: string | null };
  finish_reason: string;
}

function readJson({ contentType, body }: Reply): JsonReply | null {
  return contentType === "application/json" ? JSON.parse(body.toString("utf8")) : null;
}

function changeJson(reply: Reply, change: (body: JsonReply) => object): Reply {
  const body = readJson(reply);
  return body === null ? reply : { ...reply, body: Buffer.from(JSON.stringify(change(body))) };
}

const changePicture = (reply: Reply, change: (b64_json: string) => object) =>
  changeJson(reply, (body) => ({
    ...body,
    ...(body.data && { data: body.data.map(({ b64_json = "" }) => change(b64_json)) }),
  }));

function changeChoice(fault: Fault, choice: Choice): Choice {
  if (fault.kind === "refusal")
    return { ...choice, message: { content: null, refusal: "I'm sorry, I can't help with that." } };
  const wrapped = wrapText(fault, choice.message.content ?? "");
  return wrapped === null
    ? choice
    : {
        ...choice,
        message: { ...choice.message, content: wrapped.content },
        finish_reason: wrapped.finishReason,
      };
}
