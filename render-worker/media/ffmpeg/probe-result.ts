import { z } from "zod";

const Count = z.coerce.number().int().nonnegative();
const Seconds = z.coerce.number();
const Tags = z.record(z.string(), z.string());

const ProbedStream = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  profile: z.string().optional(),
  pix_fmt: z.string().optional(),
  width: Count.optional(),
  height: Count.optional(),
  color_space: z.string().optional(),
  color_primaries: z.string().optional(),
  color_transfer: z.string().optional(),
  color_range: z.string().optional(),
  sample_rate: Count.optional(),
  channels: Count.optional(),
  start_time: Seconds.optional(),
  duration: Seconds.optional(),
  nb_read_packets: Count.optional(),
  avg_frame_rate: z.string().optional(),
  /** `attached_pic`: 1 for a cover picture. */
  disposition: z.object({ attached_pic: Count.optional() }).optional(),
});

/** The part of ffprobe's report that the worker uses. */
export const ProbeResult = z.object({
  streams: z.array(ProbedStream),
  format: z.object({
    format_name: z.string(),
    duration: Seconds.optional(),
    size: Count.optional(),
    tags: Tags.optional(),
  }),
  chapters: z.array(z.object({ start_time: Seconds, end_time: Seconds, tags: Tags.optional() })).optional(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;
