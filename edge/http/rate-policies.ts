/** The numbers of wrangler.toml; a test holds them equal. */
export const policies = {
  requests: { binding: "REQUEST_LIMIT", quota: 1_200, windowSeconds: 60 },
  /** What costs money or much work. */
  films: { binding: "FILM_LIMIT", quota: 60, windowSeconds: 60 },
  /** Keys and tokens that open nothing, by the address that tries them. */
  failures: { binding: "FAILURE_LIMIT", quota: 30, windowSeconds: 60 },
} as const;

export type Policy = keyof typeof policies;

/** What the answers of an endpoint with these policies say of them. @source draft-ietf-httpapi-ratelimit-headers-10 */
export const describePolicies = (names: readonly Policy[]): string =>
  names.map((name) => `"${name}";q=${policies[name].quota};w=${policies[name].windowSeconds}`).join(", ");
