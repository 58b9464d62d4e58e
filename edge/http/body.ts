/**
 * A request's body: bounded while it is read, then UTF-8, then JSON, then the schema. Each step has its own
 * problem.
 */
import type { z } from "zod";
import { ApiError } from "../errors/api-error.ts";

/**
 * The body as it was sent, at most `limitBytes` bytes; "" if there is none.
 *
 * @throws ApiError `request.too_large` (also if `content-length` is wrong), `request.not_json` for bad UTF-8
 */
export async function readText(request: Request, limitBytes: number): Promise<string> {
  const tooLarge = () =>
    new ApiError("request.too_large", { detail: `At most ${limitBytes} bytes are accepted here.` });
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLarge();
  if (request.body === null) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  const reader = request.body.getReader();
  let size = 0;
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.byteLength;
      if (size > limitBytes) throw tooLarge();
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    if (error instanceof TypeError)
      throw new ApiError("request.not_json", { detail: "The body is not UTF-8." });
    throw error;
  }
}

/**
 * The problem `request.invalid` for what a schema found, each fault with a JSON pointer (RFC 6901).
 *
 * @param root the pointer of the checked value: "/path", "/query", or "" for the body
 */
export const invalidRequest = (issues: readonly z.core.$ZodIssue[], root: string): ApiError =>
  new ApiError("request.invalid", { errors: issues.flatMap((issue) => faults(issue, root)) });

function faults(issue: z.core.$ZodIssue, root: string): { pointer: string; detail: string }[] {
  const at = (path: readonly PropertyKey[]) =>
    root + path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ pointer: at([...issue.path, key]), detail: "unknown field" }));
  }
  return [{ pointer: at(issue.path), detail: issue.message }];
}

/**
 * A body without a content type counts as JSON. @throws ApiError `request.unsupported_media_type` for any
 * other type
 */
export function requireJson(request: Request): void {
  const type = request.headers.get("content-type");
  if (type === null || /^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(type)) return;
  throw new ApiError("request.unsupported_media_type");
}
