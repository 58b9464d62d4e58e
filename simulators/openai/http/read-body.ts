import type { Request } from "express";
import { z } from "zod";
import { invalid } from "./envelope.ts";

/**
 * The JSON body, parsed by `schema`.
 * @throws VendorError that names the first wrong parameter
 */
export const readBody = <T>(req: Request, schema: z.ZodType<T>): T => parseBody(req.body ?? {}, schema);

/** The same for a body that was read. */
export function parseBody<T>(body: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = issue?.path.join(".") || null;
  const missing = issue?.code === "invalid_type" && issue.input === undefined;
  throw missing && param
    ? invalid(param, `Missing required parameter: '${param}'.`, "missing_required_parameter")
    : invalid(param, param ? `Invalid '${param}': ${issue?.message}.` : z.prettifyError(parsed.error));
}
