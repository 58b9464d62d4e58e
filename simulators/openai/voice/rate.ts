/** Samples per second of all speech here, as in the real API. */
export const speechRate = 24_000;
