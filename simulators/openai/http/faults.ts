import type { Response } from "express";
import type { Fault, FaultKind } from "../control.ts";
import { VendorError } from "./envelope.ts";
import type { Reply } from "./prepared-call.ts";
import { wrapText } from "./wrap-text.ts";

/** Ends a call that is not billed: by the error the real API would send, or by a cut connection. */
export function throwFault(fault: Fault, res: Response): void {
  switch (fault.kind) {
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

/** A billed reply gone wrong. Those that twist a message only make sense for text and leave other answers alone. */
export function twistReply(kind: FaultKind, reply: Reply): Reply {
  switch (kind) {
    case "wrong_shape":
      return { contentType: "application/json", body: Buffer.from('{"object":"surprise"}') };
    case "invalid_json":
      return twistMessage(reply, (content) => ({
        content: content.slice(0, Math.ceil(content.length / 2)),
        refusal: null,
      }));
    case "off_schema":
      return twistMessage(reply, () => ({ content: '{"surprise":true,"scenes":"none"}', refusal: null }));
    case "refusal":
      return twistMessage(reply, () => ({ content: null, refusal: "I'm sorry, I can't help with that." }));
    default:
      return wrapMessage(kind, reply);
  }
}

function wrapMessage(kind: FaultKind, reply: Reply): Reply {
  if (reply.contentType !== "application/json") return reply;
  const body = JSON.parse(reply.body.toString("utf8"));
  for (const choice of body.choices ?? []) {
    const wrapped = wrapText(kind, choice.message.content);
    if (wrapped === null) return reply;
    choice.message.content = wrapped.content;
    choice.finish_reason = wrapped.finishReason;
  }
  return { ...reply, body: Buffer.from(JSON.stringify(body)) };
}

function twistMessage(
  reply: Reply,
  twist: (content: string) => { content: string | null; refusal: string | null },
): Reply {
  if (reply.contentType !== "application/json") return reply;
  const body = JSON.parse(reply.body.toString("utf8"));
  for (const choice of body.choices ?? []) Object.assign(choice.message, twist(choice.message.content));
  return { ...reply, body: Buffer.from(JSON.stringify(body)) };
}
