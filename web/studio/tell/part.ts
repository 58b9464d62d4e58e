/** The parts of a told dream, as this browser keeps them. A part is one segment of the API. */
import type { Segment } from "../../../contract/segment.ts";

/**
 * - `recording`: chunks are added to it, or were until the page was closed.
 * - `recorded`: it is whole, and the service does not have it yet.
 * - `uploaded`: the service has its sound and transcribes it.
 * - `removed`: the person has deleted it, and the service may still have it.
 */
export type PartState = "recording" | "recorded" | "uploaded" | "removed";

export interface Part {
  /** The segment's id. It is made once, so that a repeated upload is the same segment. */
  id: string;
  dreamId: string;
  /** Its place in the dream, from 0. */
  order: number;
  state: PartState;
  /** The recorder's media type, with its codecs. */
  type: string;
  seconds: number;
  /** The text that the person wrote and the service does not have yet; null: none. */
  edited: string | null;
  /** The segment that this recording replaces once it is whole; null: none. */
  replaces: string | null;
}

/** What the page shows of one part: what this browser has, what the service says, and what went wrong. */
export interface PartView {
  part: Part;
  segment: Segment | null;
  problem: { title: string; advice: string } | null;
}

/** The place after the last part. Places of deleted parts stay empty until the film is requested. */
export const nextOrder = (parts: readonly Pick<Part, "order">[]): number =>
  parts.reduce((next, { order }) => Math.max(next, order + 1), 0);

/** The text of a part, if there is one: the person's own, else the transcription. */
export const textOf = ({ part, segment }: PartView): string | null =>
  part.edited ?? segment?.transcript ?? null;

/** The service works on the part, so its text may change without the person. */
export const isPending = ({ part, segment }: PartView): boolean =>
  part.state === "uploaded" &&
  (segment === null || segment.status === "queued" || segment.status === "transcribing");
