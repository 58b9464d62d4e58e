/**
 * ffmpeg has every filter, encoder and decoder that films need. Debian 12's has; many static builds lack
 * libass.
 */
import type { Check } from "../check.ts";
import { fail, type Outcome, ok } from "../finding.ts";
import type { CommandResult } from "../run-command.ts";

export type RunTool = (file: string, args: readonly string[]) => Promise<CommandResult>;

/** Older versions lack options that render-worker/media uses. */
export const oldestFfmpeg = [5, 1] as const;

/** The names that render-worker/media uses in its arguments; tests/doctor compares them. */
export const needed = {
  filters: [
    ...[
      "adelay",
      "afade",
      "aformat",
      "agate",
      "alimiter",
      "amix",
      "apad",
      "aresample",
      "asetpts",
      "asplit",
      "ass",
      "atempo",
      "atrim",
    ],
    ...["crop", "ebur128", "fade", "format", "fps", "highpass", "loop", "lut3d", "pad", "perspective"],
    ...["scale", "select", "setpts", "split", "tile", "transpose", "trim", "volume", "xfade"],
  ],
  encoders: ["aac", "libopus", "libx264", "mjpeg", "png"],
  decoders: ["aac", "flac", "mjpeg", "mp3float", "opus", "pcm_s16le", "png", "vorbis", "webp"],
} as const;

const remedy = "Install Debian 12's ffmpeg: apt-get install ffmpeg (macOS: brew install ffmpeg).";

/** ffmpeg and ffprobe run, are new enough, and have everything that films need. */
export function checkFfmpeg(run: RunTool): Check {
  return {
    name: "ffmpeg",
    async run() {
      const [version, probe] = await Promise.all([run("ffmpeg", ["-version"]), run("ffprobe", ["-version"])]);
      if (version.code !== 0) return fail("ffmpeg does not run.", remedy);
      if (probe.code !== 0) return fail("ffprobe does not run, though ffmpeg does.", remedy);
      const text = /^ffmpeg version (\S+)/.exec(version.stdout)?.[1] ?? "?";
      if (isTooOld(text)) return fail(`ffmpeg ${text} is older than ${oldestFfmpeg.join(".")}.`, remedy);
      const lacking = await findLacking(run);
      if (lacking.length > 0) return fail(`ffmpeg ${text} lacks ${lacking.join(", ")}.`, remedy);
      return ok(`${text}, with every filter, encoder and decoder that a film needs`) satisfies Outcome;
    },
  };
}

async function findLacking(run: RunTool): Promise<string[]> {
  const lists = Object.entries(needed).map(async ([kind, names]) => {
    const { stdout } = await run("ffmpeg", ["-hide_banner", `-${kind}`]);
    // " T.C aresample   A->A  Resample audio data.": flags, then the name.
    const there = new Set([...stdout.matchAll(/^ [A-Z.|]+ +([a-z0-9_]+) /gm)].map((line) => line[1]));
    return names.filter((name) => !there.has(name)).map((name) => `the ${kind.slice(0, -1)} ${name}`);
  });
  return (await Promise.all(lists)).flat();
}

/** A version that is not a number ("N-109468-g…") is a nightly build, and so is new. */
function isTooOld(version: string): boolean {
  const [, major, minor] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return false;
  const [oldestMajor, oldestMinor] = oldestFfmpeg;
  return Number(major) < oldestMajor || (Number(major) === oldestMajor && Number(minor) < oldestMinor);
}
