/** The numbers of wrangler.toml; a test holds them equal. */
export const policies = {
  requests: { binding: "REQUEST_LIMIT", quota: 1_200, windowSeconds: 60 },
  /** What costs money or much work. */
  films: { binding: "FILM_LIMIT", quota: 60, windowSeconds: 60 },
} as const;

export type Policy = keyof typeof policies;

/** Keys and tokens that open nothing, by the address that tries them. Counted by `AttemptLimit`, exactly. */
export const failureLimit = { quota: 30, windowSeconds: 60 };

interface Limit {
  quota: number;
  windowSeconds: number;
}

/** What the answers of an endpoint with these policies say of them. @source draft-ietf-httpapi-ratelimit-headers-10 */
export const describePolicies = (names: readonly Policy[]): string =>
  names.map((name) => describeLimit(name, policies[name])).join(", ");

export const describeLimit = (name: string, { quota, windowSeconds }: Limit): string =>
  `"${name}";q=${quota};w=${windowSeconds}`;
