import type { Request } from "express";
import { invalid } from "./envelope.ts";

/** The form of a multipart request. @throws VendorError if the body is none */
export async function readForm(req: Request): Promise<FormData> {
  const contentType = req.get("content-type") ?? "";
  if (!Buffer.isBuffer(req.body) || !contentType.startsWith("multipart/form-data")) {
    throw invalid(null, "The request must be multipart/form-data.");
  }
  try {
    return await new Response(new Uint8Array(req.body), {
      headers: { "content-type": contentType },
    }).formData();
  } catch {
    throw invalid(null, "Could not parse multipart form");
  }
}
