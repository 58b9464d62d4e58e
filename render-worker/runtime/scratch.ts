/** Folders that live as long as a piece of work. Each bears its process's id, so that a killed one's can be told. */
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Runs `work` with a folder of its own, which is gone afterwards whatever happened. */
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
 * Removes what killed processes left in `parent`; call before this process's first work. Folders of living processes,
 * and whatever else lies there, stay. Answers how many went.
 */
export async function clearScratch(parent: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  const dead = names.filter((name) => {
    const [, pid] = /^(\d+)-/.exec(name) ?? [];
    // Our own id on a folder that we have not made yet: a container's processes get the same ids each time.
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
