import { ApiError } from "./api-error.ts";

/** The answer to an API key that is unknown, revoked or malformed. */
export const invalidKey = () =>
  new ApiError("auth.invalid", { headers: { "www-authenticate": 'Bearer error="invalid_token"' } });
