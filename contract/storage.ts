/**
 * Where things lie in R2. Both sides make keys only here. The attempt is part of a film's key, so that no attempt
 * can write over another's; the edge links the winner's.
 */
export type FilmFile =
  | "film.mp4"
  | "preview.mp4"
  | "poster.jpg"
  | "captions.vtt"
  | "storyboard.jpg"
  | "storyboard.vtt"
  | `scenes/${number}.jpg`
  | `hls/${string}`;

/** Everything that was ever made of a dream. */
export const dreamPrefix = (dreamId: string) => `dreams/${dreamId}/`;

/** Everything that one job's attempts made. */
export const jobPrefix = (dreamId: string, jobId: string) => `${dreamPrefix(dreamId)}${jobId}/`;

export const filmPrefix = (dreamId: string, jobId: string, attempt: number) =>
  `${jobPrefix(dreamId, jobId)}${attempt}/`;

export const filmKey = (dreamId: string, jobId: string, attempt: number, file: FilmFile) =>
  `${filmPrefix(dreamId, jobId, attempt)}${file}`;

export const assetExtensions = ["json", "png", "jpg", "wav", "aac", "mp4"] as const;
export type AssetExtension = (typeof assetExtensions)[number];

/** `sha256` in hex, over everything that shaped the asset. */
export const assetKey = (sha256: string, extension: AssetExtension) => `assets/${sha256}.${extension}`;

/** The film's address as the worker reports it: stable and without a grant, so worth nothing to a thief. */
export const filmUrl = (edgeUrl: string, dreamId: string, jobId: string, attempt: number) =>
  new URL(`/videos/${dreamId}/${jobId}/${attempt}/film.mp4`, edgeUrl).href;
