/** Every picture that the worker encodes is BT.709 in limited range and is tagged so. */
export const colourTags = [
  ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
] as const;

/** A frame has 512 ticks. The default of 1/1000 in the file's header would round every scene's length. */
export const exactTimes = ["-video_track_timescale", "15360", "-movie_timescale", "15360"] as const;
