/**
 * The keys of objects in R2. Edge and worker make keys only here. The attempt is part of a film's key, so
 * that no attempt can overwrite another's files; the edge links those of the attempt that completed.
 */
export type FilmFile =
  | "film.mp4"
  | "preview.mp4"
  | "poster.jpg"
  | "captions.vtt"
  | "storyboard.jpg"
  | "storyboard.vtt"
  | `scenes/${number}.jpg`
  | TakeFile
  | `hls/${string}`;

/** A take's small picture or its voice, by the take's id. */
export type TakeFile = `takes/${string}.${"jpg" | "wav"}`;

/** The prefix of everything that was ever made of a dream. */
export const dreamPrefix = (dreamId: string) => `dreams/${dreamId}/`;

/** The prefix of everything that one job's attempts made. */
export const jobPrefix = (dreamId: string, jobId: string) => `${dreamPrefix(dreamId)}${jobId}/`;

/** The prefix of the files of one attempt's film. */
export const filmPrefix = (dreamId: string, jobId: string, attempt: number) =>
  `${jobPrefix(dreamId, jobId)}${attempt}/`;

/** The key of one file of an attempt's film. */
export const filmKey = (dreamId: string, jobId: string, attempt: number, file: FilmFile) =>
  `${filmPrefix(dreamId, jobId, attempt)}${file}`;

/** The prefix of the files that clients upload for a dream. */
export const quarantinePrefix = (dreamId: string) => `quarantine/${dreamId}/`;

/** The key of the file that a client uploads for one segment. `uploadId` is made by the server. */
export const quarantineKey = (dreamId: string, uploadId: string) => `${quarantinePrefix(dreamId)}${uploadId}`;

/** The key of a photo as its owner uploaded it. `photoId` is made by the server. */
export const photoKey = (photoId: string) => quarantineKey(photoFolder, photoId);
/** Stands where uploads of a dream have its key, which begins with `drm`. */
export const photoFolder = "cast";

/** The key of a segment's recording after it was decoded and encoded anew: Ogg with Opus, mono. */
export const recordingKey = (dreamId: string, jobId: string, attempt: number) =>
  `${filmPrefix(dreamId, jobId, attempt)}recording.ogg`;

export const assetExtensions = ["json", "png", "jpg", "wav", "aac", "mp4", "yuv"] as const;
export type AssetExtension = (typeof assetExtensions)[number];

/** The key of a bought asset. `sha256`: its fingerprint in hex. */
export const assetKey = (sha256: string, extension: AssetExtension) => `assets/${sha256}.${extension}`;

/**
 * The film's address as the worker reports it: stable, and without a grant, so it opens nothing by itself.
 */
export const filmUrl = (edgeUrl: string, dreamId: string, jobId: string, attempt: number) =>
  new URL(`/videos/${dreamId}/${jobId}/${attempt}/film.mp4`, edgeUrl).href;
