/**
 * The pause in milliseconds that an answer asks for: `retry-after-ms`, or `retry-after` in seconds or as a
 * date. Undefined if it asks for none.
 *
 * @source RFC 9110, 10.2.3; openai-node src/client.ts for `retry-after-ms`
 */
export function retryAfterMs(headers: Headers | undefined): number | undefined {
  const exact = Number(headers?.get("retry-after-ms") || Number.NaN);
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const value = headers?.get("retry-after");
  if (!value) return undefined;
  const ms = Number.isFinite(Number(value)) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
