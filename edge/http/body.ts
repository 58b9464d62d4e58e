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
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text = "";
  try {
    await readChunks(request, limitBytes, tooLarge, (chunk) => {
      text += decoder.decode(chunk, { stream: true });
    });
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof TypeError)
      throw new ApiError("request.not_json", { detail: "The body is not UTF-8." });
    throw error;
  }
}

/**
 * The body's bytes, at most `limitBytes`; empty if there is none.
 *
 * @throws what `tooLarge` makes, as soon as there are more
 */
export async function readBytes(
  request: Request,
  limitBytes: number,
  tooLarge: () => ApiError,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  const size = await readChunks(request, limitBytes, tooLarge, (chunk) => void chunks.push(chunk));
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Gives the body's chunks to `take`, and their size in bytes. */
async function readChunks(
  request: Request,
  limitBytes: number,
  tooLarge: () => ApiError,
  take: (chunk: Uint8Array) => void,
): Promise<number> {
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) throw tooLarge();
  if (request.body === null) return 0;
  const reader = request.body.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return size;
      size += value.byteLength;
      if (size > limitBytes) throw tooLarge();
      take(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
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
