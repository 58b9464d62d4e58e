/**
 * What a job makes. `film`: a dream's film. `transcription`: the text of one told segment. `takes`: further
 * pictures or voices of one scene of a film.
 */
export const jobKinds = ["film", "transcription", "takes"] as const;
export type JobKind = (typeof jobKinds)[number];
