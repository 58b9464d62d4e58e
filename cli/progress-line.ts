import type { VideoStatus } from "../contract/job.ts";

const stageNames: Record<string, string> = {
  queued: "waiting for a worker",
  storyboard: "writing the storyboard",
  scenes: "painting, narrating and encoding the scenes",
  film: "joining the film",
  publish: "publishing",
  done: "done",
};

/** The film's progress as one line: `████████░░░░  62 %  painting, … 4 of 6 scenes`. */
export function progressLine(status: VideoStatus, elapsedSeconds: number): string {
  const cells = 24;
  const full = Math.round((status.progress / 100) * cells);
  const bar = "█".repeat(full) + "░".repeat(cells - full);
  const percent = `${status.progress}`.padStart(3);
  const { ready, total } = status.scenes;
  const scenes = total ? ` · ${ready} of ${total} ${total === 1 ? "scene" : "scenes"}` : "";
  const stage = status.has_no_machine ? "waiting, and no worker runs" : stageNames[status.stage ?? "queued"];
  return `${bar} ${percent} %  ${elapsedSeconds.toFixed(0).padStart(3)} s  ${stage}${scenes}`;
}

/**
 * Into a file or a pipe, a line follows at least this often, so that the reader sees that the film goes on.
 */
const silenceSeconds = 10;

/** Prints progress: on a terminal over the same line, into a file a line per change and every 10 s. */
export function createProgressPrinter(
  out: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">,
  now: () => number = () => performance.now() / 1000,
): {
  show(status: VideoStatus): void;
  end(): void;
} {
  const startedAt = now();
  let last = "";
  let printedAt = Number.NEGATIVE_INFINITY;
  return {
    show(status) {
      const at = now();
      const line = progressLine(status, at - startedAt);
      const change = `${status.stage} ${status.has_no_machine} ${status.scenes.ready}/${status.scenes.total}`;
      if (out.isTTY) out.write(`\r\x1b[2K${line.slice(0, (out.columns || 120) - 1)}`);
      else if (change !== last || at - printedAt >= silenceSeconds) {
        out.write(`${line}\n`);
        printedAt = at;
      }
      last = change;
    },
    end() {
      if (out.isTTY) out.write("\n");
    },
  };
}
