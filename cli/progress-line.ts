import type { VideoStatus } from "../contract/job.ts";

const stageNames: Record<string, string> = {
  queued: "waiting for a worker",
  storyboard: "writing the storyboard",
  scenes: "painting, speaking and filming the scenes",
  film: "joining the film",
  publish: "publishing",
  done: "done",
};

/** One line that says where the film is: `████████░░░░  62 %  painting, … 4 of 6 scenes`. */
export function progressLine(status: VideoStatus, elapsedSeconds: number): string {
  const cells = 24;
  const full = Math.round((status.progress / 100) * cells);
  const bar = "█".repeat(full) + "░".repeat(cells - full);
  const percent = `${status.progress}`.padStart(3);
  const scenes = status.scenes.total ? ` · ${status.scenes.ready} of ${status.scenes.total} scenes` : "";
  const stage = stageNames[status.stage ?? "queued"];
  return `${bar} ${percent} %  ${elapsedSeconds.toFixed(0).padStart(3)} s  ${stage}${scenes}`;
}

/** Draws over the same line on a terminal, and line by line, only when something changed, into a file. */
export function createProgressPrinter(out: NodeJS.WriteStream): {
  show(status: VideoStatus): void;
  end(): void;
} {
  const startedAt = performance.now();
  let last = "";
  return {
    show(status) {
      const line = progressLine(status, (performance.now() - startedAt) / 1000);
      const essence = `${status.stage} ${status.scenes.ready}/${status.scenes.total}`;
      if (out.isTTY) out.write(`\r\x1b[2K${line.slice(0, (out.columns || 120) - 1)}`);
      else if (essence !== last) out.write(`${line}\n`);
      last = essence;
    },
    end() {
      if (out.isTTY) out.write("\n");
    },
  };
}
