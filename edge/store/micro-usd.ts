/** Millionths of a US dollar, whole. */
export const microUsd = (usd: number) => Math.round(usd * 1_000_000);
