import { readdirSync, readFileSync } from "node:fs";

/**
 * The CPU seconds of each process group and of what it has waited for, by the names that `leaders` gives. A
 * leader that leads no group of its own counts alone.
 *
 * @source proc(5): /proc/pid/stat; fields 14 to 17 are in 100ths of a second
 */
export function cpuSecondsByGroup(leaders: Record<string, number>): Record<string, number> {
  const stats = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat);
  return Object.fromEntries(
    Object.entries(leaders).map(([name, pid]) => [
      name,
      stats
        .filter((one) => one.pid === pid || one.group === pid)
        .reduce((sum, { seconds }) => sum + seconds, 0),
    ]),
  );
}

/** Nothing for a process that has ended. */
function readStat(name: string) {
  try {
    const text = readFileSync(`/proc/${name}/stat`, "utf8");
    // The name of the program, in brackets, may contain spaces.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0);
    return [{ pid: Number(name), group: Number(fields[2]), seconds: ticks / 100 }];
  } catch {
    return [];
  }
}
