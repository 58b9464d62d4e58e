/** Numbers and times as text: with units, in local time. */

const whole = new Intl.NumberFormat("en");
/** The service stops to count here. @see contract/ops.ts */
const maxCounted = 10_000;

/** A whole number with separators; "10,000+" from where the service stops to count. */
export const count = (n: number): string => (n >= maxCounted ? `${whole.format(n)}+` : whole.format(n));

/** "1 job", "2 jobs". */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** A duration in one or two units: "3 min 20 s", "1 d 4 h". */
export function duration(seconds: number): string {
  if (seconds < 0.05) return "0 s";
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return two(Math.floor(s / 60), "min", s % 60, "s");
  const minutes = Math.round(s / 60);
  if (minutes < 24 * 60) return two(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(s / 3600);
  return two(Math.floor(hours / 24), "d", hours % 24, "h");
}

const two = (large: number, largeUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** The duration between two ISO times, as text; never negative. */
export const between = (from: string, to: string): string =>
  duration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000);

/** How long ago `at` was, by the service's clock. */
export function ago(at: string, nowMs: number): string {
  const seconds = (nowMs - Date.parse(at)) / 1000;
  return seconds < 3 ? "just now" : `${duration(Math.floor(seconds))} ago`;
}

/** Local time, with the date unless it is today. */
export function clock(at: string, nowMs: number): string {
  const time = new Date(at);
  const isToday = time.toDateString() === new Date(nowMs).toDateString();
  return time.toLocaleString("en-GB", {
    ...(isToday ? {} : { day: "numeric", month: "short" }),
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
}

/** US dollars in cents; two significant digits below one cent. */
export function dollars(usd: number): string {
  if (usd !== 0 && Math.abs(usd) < 0.01) return `$${Number(usd.toPrecision(2))}`;
  return usd.toLocaleString("en", { style: "currency", currency: "USD" });
}
