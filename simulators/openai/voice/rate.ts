/** Samples a second of all speech here, as the real API has it. */
export const speechRate = 24_000;
