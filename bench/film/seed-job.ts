import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { filmSize, type SceneInput, seedSceneSeconds } from "./make-inputs.ts";
import { asNice, type Cost, measure } from "./measure.ts";

/** Makes a film by the seed's command. */
export async function runSeed(
  scenes: readonly SceneInput[],
  captions: string,
): Promise<Cost & { seconds: number; megabytes: number }> {
  const folder = dirname(captions);
  const film = join(folder, "seed.mp4");
  const cost = await measure("nice", [...asNice, "ffmpeg", ...buildSeedArgs(scenes, captions, film)], folder);
  const { size } = await stat(film);
  return { ...cost, seconds: scenes.length * seedSceneSeconds, megabytes: size / 1e6 };
}

/**
 * The arguments of the seed's single ffmpeg command: every picture decoded, scaled and padded again for every
 * frame, fades, captions and the encoder in one chain. Run it in the captions' folder.
 */
function buildSeedArgs(scenes: readonly SceneInput[], captions: string, to: string): string[] {
  const { width, height } = filmSize;
  const pictures = scenes.map(
    (_, i) =>
      `[${i}:v]scale=${width}:${height}:force_original_aspect_ratio=decrease,` +
      `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1,fade=t=in:st=0:d=0.5,` +
      `fade=t=out:st=${seedSceneSeconds - 0.5}:d=0.5[v${i}]`,
  );
  const voices = scenes.map((_, i) => `[${scenes.length + i}:a]apad=whole_dur=${seedSceneSeconds}[a${i}]`);
  const labels = (letter: string) => scenes.map((_, i) => `[${letter}${i}]`).join("");
  const graph = [
    ...pictures,
    ...voices,
    `${labels("v")}concat=n=${scenes.length}:v=1:a=0,ass=${basename(captions)},format=yuv420p[video]`,
    `${labels("a")}concat=n=${scenes.length}:v=0:a=1[audio]`,
  ];
  return [
    ...["-v", "error", "-nostdin", "-y"],
    ...scenes.flatMap(({ picture }) => [
      ...["-framerate", "30", "-loop", "1", "-t", String(seedSceneSeconds), "-i", picture],
    ]),
    ...scenes.flatMap(({ voice }) => ["-i", voice]),
    ...["-filter_complex", graph.join(";"), "-map", "[video]", "-map", "[audio]", ...seedEncoder],
    ...["-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", to],
  ];
}

const seedEncoder = ["-c:v", "libx264", "-preset", "medium", "-crf", "23"];
