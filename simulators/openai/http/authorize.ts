import type { RequestHandler } from "express";
import { VendorError } from "./envelope.ts";

/** Accepts every bearer token except `invalid`. @throws VendorError with status 401 */
export const authorize: RequestHandler = (req, _res, next) => {
  const [, key] = /^Bearer\s+(\S+)\s*$/i.exec(req.get("authorization") ?? "") ?? [];
  if (key === undefined) {
    throw new VendorError(
      401,
      "You didn't provide an API key. Provide it in an Authorization header as a Bearer token.",
    );
  }
  if (key === "invalid") {
    throw new VendorError(401, "Incorrect API key provided: invalid.", { code: "invalid_api_key" });
  }
  next();
};
