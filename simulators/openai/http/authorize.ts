import type { RequestHandler } from "express";
import { VendorError } from "./envelope.ts";

/** Refuses requests without a key that `checkKey` accepts. */
export const authorize: RequestHandler = (req, _res, next) => {
  checkKey(req.get("authorization"));
  next();
};

/**
 * Accepts every bearer token except `invalid`.
 *
 * @throws VendorError 401
 */
export function checkKey(authorization: string | undefined): void {
  const [, key] = /^Bearer\s+(\S+)\s*$/i.exec(authorization ?? "") ?? [];
  if (key === undefined) {
    throw new VendorError(
      401,
      "You didn't provide an API key. Provide it in an Authorization header as a Bearer token.",
    );
  }
  if (key === "invalid") {
    throw new VendorError(401, "Incorrect API key provided: invalid.", { code: "invalid_api_key" });
  }
}
