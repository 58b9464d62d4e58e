/**
 * The parts of a told dream as encoded frames. Of each part only the newest state is kept; a listener is a
 * version, and gets every part that has changed since.
 */
import type { Segment } from "../../contract/segment.ts";
import { frame } from "./feed.ts";

interface Shown {
  version: number;
  /** Differs if the part differs. */
  state: string;
  bytes: Uint8Array;
}

export class SegmentFrames {
  readonly #shown = new Map<string, Shown>();
  #version = 0;

  /** Takes parts as they are now; one that is as before changes nothing. */
  take(segments: readonly Segment[]): void {
    for (const segment of segments) {
      const state = [segment.status, segment.job_id, segment.updated_at].join(" ");
      const before = this.#shown.get(segment.segment_id);
      if (before?.state === state) continue;
      this.#version += 1;
      const bytes = frame("segment", segment);
      this.#shown.set(segment.segment_id, { version: this.#version, state, bytes });
    }
  }

  /** At most `most` frames of the parts that have changed since `version`, in the order of their change. */
  after(version: number, most: number): Shown[] {
    if (version >= this.#version) return [];
    return [...this.#shown.values()]
      .filter((one) => one.version > version)
      .sort((a, b) => a.version - b.version)
      .slice(0, most);
  }
}
