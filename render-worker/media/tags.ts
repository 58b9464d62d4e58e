import { framesPerSecond } from "../../contract/film.ts";

/** Every picture that the worker encodes is BT.709 in limited range and is tagged so. */
export const colourTags = [
  ...["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"],
] as const;

/** The ticks of a frame in all MP4 files of the worker. */
export const frameTicks = 512;
const timescale = String(framesPerSecond * frameTicks);

/** The default of 1/1000 in the file's header would round every scene's length. */
export const exactTimes = ["-video_track_timescale", timescale, "-movie_timescale", timescale] as const;
