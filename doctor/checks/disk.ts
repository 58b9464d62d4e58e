import { mkdir, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "../check.ts";
import { fail, ok, warn } from "../finding.ts";

/** The space for a three-minute film with its plates, voices and segments, and a reserve. */
export const bytesPerJob = 1024 ** 3;

export interface DiskPorts {
  /** Bytes that this process can still write to the folder. */
  freeBytes(folder: string): Promise<number>;
}

export const realDisk: DiskPorts = {
  async freeBytes(folder) {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  },
};

/** The scratch folder can be written and has space for `jobs` films at once. */
export function checkDisk(folder: string, jobs: number, disk: DiskPorts): Check {
  return {
    name: "disk",
    async run() {
      const probe = join(folder, `.doctor-${process.pid}`);
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(probe, "x");
        await rm(probe);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        return fail(
          `The scratch folder ${folder} cannot be written (${code}).`,
          code === "ENOSPC"
            ? "Free space there."
            : "Set SCRATCH_DIR to a folder that this user may write to.",
        );
      }
      const free = await disk.freeBytes(folder);
      const message = `${gibibytes(free)} free in ${folder}, ${gibibytes(jobs * bytesPerJob)} needed for ${jobs} films at once`;
      const remedy = "Free space there, set SCRATCH_DIR to a larger disk, or lower WORKER_CONCURRENCY.";
      if (free < (jobs * bytesPerJob) / 2) return fail(message, remedy);
      return free < jobs * bytesPerJob ? warn(message, remedy) : ok(message);
    },
  };
}

const gibibytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
