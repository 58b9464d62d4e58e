/**
 * Scratch folders that live as long as a piece of work. The name of each starts with its process's id, so
 * that the folders of killed processes can be found.
 */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Runs `work` with a new folder in `parent` and removes the folder afterwards, also if `work` throws. */
export async function withScratch<T>(
  parent: string,
  name: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `${process.pid}-${name}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Removes the folders of processes that no longer live. Call it before this process's first work. Keeps every
 * other file in `parent`.
 *
 * @returns how many folders were removed
 */
export async function clearScratch(parent: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  const dead = names.filter((name) => {
    const [, pid] = /^(\d+)-/.exec(name) ?? [];
    // In a container every process may get the same id, so a folder with this process's id is an old one too.
    return pid !== undefined && (Number(pid) === process.pid || !isAlive(Number(pid)));
  });
  for (const name of dead) await rm(join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  return dead.length;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
