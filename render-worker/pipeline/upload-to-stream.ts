import { filmKey } from "../../contract/storage.ts";
import type { FilmContext } from "./film-context.ts";

const contentTypes = {
  mp4: "video/mp4",
  m4s: "video/iso.segment",
  m3u8: "application/vnd.apple.mpegurl",
  vtt: "text/vtt; charset=utf-8",
};

/** Stores a file of the film's stream. `name`: below its `hls/`. @throws as Storage.put does */
export function uploadToStream(
  { job, storage, signal }: Pick<FilmContext, "job" | "storage" | "signal">,
  name: string,
  body: Buffer | string,
): Promise<void> {
  const type = contentTypes[name.split(".").at(-1) as keyof typeof contentTypes];
  return storage.put(filmKey(job.dream_id, job.job_id, job.attempt, `hls/${name}`), body, type, signal);
}
