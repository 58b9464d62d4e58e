/** The files that a grant may open, by name: nothing else that lies in R2 has an address. */
const files: readonly (readonly [RegExp, string])[] = [
  [/^(film|preview)\.mp4$/, "video/mp4"],
  [/^(poster|storyboard)\.jpg$/, "image/jpeg"],
  [/^scenes\/[0-9]{1,3}\.jpg$/, "image/jpeg"],
  [/^(captions|storyboard)\.vtt$/, "text/vtt; charset=utf-8"],
  [/^hls\/([\w-]+\/)*[\w-]+\.m3u8$/, "application/vnd.apple.mpegurl"],
  [/^hls\/([\w-]+\/)*[\w-]+\.(mp4|m4s)$/, "video/mp4"],
  [/^hls\/([\w-]+\/)*[\w-]+\.vtt$/, "text/vtt; charset=utf-8"],
];

/** The file's media type, or null where the name is not one of a film's. */
export function mediaType(file: string): string | null {
  return files.find(([name]) => name.test(file))?.[1] ?? null;
}
