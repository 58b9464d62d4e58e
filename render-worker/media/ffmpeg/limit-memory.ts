/** Bounds the memory of ffmpeg and ffprobe while they read a file that a client uploaded. */
import { existsSync } from "node:fs";

/** Part of util-linux, which every Debian image has. macOS has none: the process then has no limit. */
const prlimit = "/usr/bin/prlimit";
const canLimit = existsSync(prlimit);

/**
 * The command line that runs `program` with at most `bytes` of address space: an allocation beyond them
 * fails. Undefined `bytes`: no limit.
 */
export const limitMemory = (program: string, args: readonly string[], bytes?: number): [string, string[]] =>
  bytes === undefined || !canLimit
    ? [program, [...args]]
    : [prlimit, [`--as=${bytes}`, "--", program, ...args]];

/** The methods of fluent-ffmpeg's command that start ffmpeg. It has no option for a program around ffmpeg. */
interface Spawning {
  _getFfmpegPath(done: (error: Error | null, path?: string) => void): void;
  _spawnFfmpeg(args: string[], ...rest: unknown[]): void;
}

/** Makes a command of fluent-ffmpeg start ffmpeg with at most `bytes` of address space. */
export function limitCommandMemory(command: object, bytes: number): void {
  const spawning = command as Spawning;
  const spawn = spawning._spawnFfmpeg;
  spawning._spawnFfmpeg = (args, ...rest) =>
    spawning._getFfmpegPath((error, path) => {
      const [program, limited] = limitMemory(path ?? "", args, bytes);
      const getPath: Spawning["_getFfmpegPath"] = (done) => done(error, path && program);
      spawn.call(Object.create(command, { _getFfmpegPath: { value: getPath } }), limited, ...rest);
    });
}
