/** Who is counted, and how often it may call. Pure: tests and openapi.json read it too. */

/** The numbers of wrangler.toml; a test compares them. */
export const policies = {
  requests: { binding: "REQUEST_LIMIT", quota: 1_200, windowSeconds: 60 },
  /** Requests that cost money or much work. */
  films: { binding: "FILM_LIMIT", quota: 60, windowSeconds: 60 },
} as const;

export type Policy = keyof typeof policies;

/** Wrong keys and tokens that one address may try. `AttemptLimit` counts them exactly. */
export const failureLimit = { quota: 30, windowSeconds: 60 };

export interface Limit {
  quota: number;
  windowSeconds: number;
}

/** The value of `RateLimit-Policy` for these policies. @source draft-ietf-httpapi-ratelimit-headers-10 */
export const describePolicies = (names: readonly Policy[]): string =>
  names.map((name) => describeLimit(name, policies[name])).join(", ");

/** One policy as `RateLimit-Policy` writes it. */
export const describeLimit = (name: string, { quota, windowSeconds }: Limit): string =>
  `"${name}";q=${quota};w=${windowSeconds}`;

/**
 * Where a request comes from: an IPv4 address, or the /64 network of an IPv6 address, which belongs to one
 * customer.
 */
export function addressOf(headers: Headers): string {
  const address = headers.get("cf-connecting-ip") ?? "unknown";
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head, tail] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = tail === undefined ? 0 : 8 - (head?.length ?? 0) - tail.length;
  return [...(head ?? []), ...Array(Math.max(0, zeros)).fill("0"), ...(tail ?? [])].slice(0, 4).join(":");
}
