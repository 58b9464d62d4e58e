/** A part's state as text. Pure. */
import { type PartView, textOf } from "./part.ts";

/** Minutes and seconds as on a clock: 1:05. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export interface Surroundings {
  isOnline: boolean;
  /** The recording is paused. */
  isPaused: boolean;
}

export type PartTone = "busy" | "waiting" | "done" | "failed";

/** The state in words, and its kind for the sign beside it. */
export function describePart(
  view: PartView,
  { isOnline, isPaused }: Surroundings,
): { text: string; tone: PartTone } {
  const { part, segment, problem } = view;
  if (problem !== null) return { text: problem.title, tone: "failed" };
  if (part.state === "recording")
    return isPaused ? { text: "Paused", tone: "waiting" } : { text: "Recording", tone: "busy" };
  if (part.state === "recorded")
    return isOnline
      ? { text: "Uploading", tone: "busy" }
      : { text: "Saved on this device, waiting for the network", tone: "waiting" };
  if (part.edited !== null) return { text: "Saving your correction", tone: "busy" };
  if (segment?.corrected) return { text: "Corrected by you", tone: "done" };
  if (textOf(view) !== null) return { text: "Text is ready", tone: "done" };
  if (segment?.status === "failed")
    return { text: segment.error?.message ?? "The words were not understood", tone: "failed" };
  return { text: "Uploaded, the words are being written down", tone: "busy" };
}
