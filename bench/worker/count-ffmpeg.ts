/**
 * Counts the starts of ffmpeg and ffprobe and their CPU time by step: a folder for the front of PATH, whose
 * `ffmpeg` and `ffprobe` run the real ones and write a line each. They also keep the films' captions.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Span } from "../redo/print-waterfall.ts";

export interface FfmpegUse {
  starts: number;
  cpuSeconds: number;
}

/**
 * A subtitle file is gone with its film's scratch folder, and a bench compares with the frames that show it.
 */
const keepCaptions = (folder: string) =>
  `for part in "$@"; do case "$part" in ass=*) cp "$(echo "$part" | cut -c5-)" ${folder}/captions/;; esac; done`;

/**
 * Places the two programs into `folder`, for the front of PATH. They write a file for each run into
 * `folder`/runs, and copy the subtitle files that are drawn to `folder`/captions.
 */
export function placeCounters(folder: string): void {
  for (const name of ["runs", "captions"]) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ["ffmpeg", "ffprobe"]) {
    const real = execFileSync("which", [name], { encoding: "utf8" }).trim();
    const file = join(folder, name);
    const run = `from=$EPOCHREALTIME; ${real} "$@"; status=$?`;
    const report = `{ times; echo "$from $EPOCHREALTIME"; echo "${name} $*"; } > ${folder}/runs/$$`;
    writeFileSync(file, `#!/bin/bash\n${keepCaptions(folder)}\nLC_ALL=C; ${run}; ${report}; exit $status\n`);
    chmodSync(file, 0o755);
  }
}

export interface FfmpegRuns {
  steps: Map<string, FfmpegUse>;
  /** One for each run, named by its step. */
  spans: Span[];
}

/** The runs since the last call. */
export function takeRuns(folder: string): FfmpegRuns {
  const steps = new Map<string, FfmpegUse>();
  const spans: Span[] = [];
  for (const name of readdirSync(join(folder, "runs"))) {
    const file = join(folder, "runs", name);
    // The shell's own times, those of its child, when it began and ended, and the command line.
    const [, child = "", times = "", ...command] = readFileSync(file, "utf8").split("\n");
    rmSync(file);
    const step = stepOf(command.join(" "));
    const [from = 0, to = 0] = times.split(" ").map((time) => Number(time) * 1000);
    spans.push({ name: step, from, to });
    const use = steps.get(step) ?? { starts: 0, cpuSeconds: 0 };
    const cpuSeconds = child.split(" ").reduce((sum, time) => sum + seconds(time), use.cpuSeconds);
    steps.set(step, { starts: use.starts + 1, cpuSeconds });
  }
  return { steps, spans };
}

function seconds(time: string): number {
  const [, minutes, rest] = /(\d+)m([\d.]+)s/.exec(time) ?? [];
  return Number(minutes) * 60 + Number(rest);
}

/** The step that a command line belongs to, by what it makes. */
export function stepOf(command: string): string {
  const known: [RegExp, string][] = [
    [/^ffprobe/, "check a file (ffprobe)"],
    // No scene is as short.
    [/-frames:v (16|32) .*libx264/s, "encode a crossfade"],
    [/libx264.*-crf 25/s, "encode a preview segment"],
    [/-crf 25.*libx264/s, "encode a preview segment"],
    [/libx264/, "encode a film segment"],
    [/frag_keyframe/, "pieces of the stream"],
    [/concat/, "join"],
    [/tile=/, "sprite sheet"],
    [/mjpeg/, "thumbnail or poster"],
    [/rgb24/, "decode a picture"],
    [/-f adts/, "encode a sound"],
    [/\[align\]/, "decode a voice"],
    [/ebur128/, "measure a sound"],
  ];
  return known.find(([pattern]) => pattern.test(command))?.[1] ?? "other";
}
